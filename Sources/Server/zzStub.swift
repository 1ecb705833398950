import Hummingbird
struct LabelRoutes { init(_ s: Services) {}; var routes: [Route] { [] } }
struct PublicRoutes { init(_ s: Services) {}; var routes: [Route] { [] } }
