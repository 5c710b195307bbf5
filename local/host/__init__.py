"""An embedded Azure Functions host: runs any small Python function app, by the public
``azure-functions-runtime`` and from the app's own metadata. It knows nothing of this app.

Not everything of the real host is here: one instance of the app, one process, no scaling, and
HTTP, timer, queue and Event Grid triggers with queue outputs only.
"""
