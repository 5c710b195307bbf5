"""An embedded Azure Functions host. It runs any small Python function app, through the public
``azure-functions-runtime`` and from the app's own metadata, and knows nothing of this app.

It lacks much of the real host: there is one instance of the app, one process, no scaling; only
HTTP, timer, queue and Event Grid triggers, and only queue outputs.
"""
