"""Events, from their arrival to what they make the app do."""
