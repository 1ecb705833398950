import Interchange
import Issuing
extension Problem { init(_ e: DispatchListError) { self = .internal }; init(_ e: any Error, in l: DispatchList) { self = .internal } }
