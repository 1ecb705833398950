import Hummingbird
struct PublicRoutes { init(_ s: Services) {}; var routes: [Route] { [] } }
