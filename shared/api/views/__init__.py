"""What the app answers: of each thing the shape, and what makes it, side by side. The description of the
API is made from the shapes, and a test holds every live answer to that.
"""
