"""Series before any index is made of them: flows, growth, bases, festivals and seasons."""
