enum PlaceholderAlerting {}
