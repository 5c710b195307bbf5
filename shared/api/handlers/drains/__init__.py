"""A drain: started, shown, ordered, waited for and subscribed to."""
