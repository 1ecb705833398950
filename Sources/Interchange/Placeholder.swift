enum PlaceholderInterchange {}
