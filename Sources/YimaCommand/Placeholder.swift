enum PlaceholderYimaCommand {}
