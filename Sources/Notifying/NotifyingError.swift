import Ledger

/// Why a request about webhooks was refused.
package enum NotifyingError: Error, Equatable, Sendable, StorageFailing {
  /// There is no such address.
  case unknownWebhook
  /// There is no such delivery.
  case unknownDelivery
  /// The URL cannot be what it is.
  case url(WebhookURL.Fault)
  /// A name of more than 100 characters, or with control characters.
  case name
  /// No type, one that is not told, or one twice; the place in the list where there is one.
  case types(place: Int?)
  /// There are as many addresses as there may be.
  case tooMany(max: Int)
  /// The address is disabled: nothing is sent to it.
  case disabled
  /// A test is not sent again; a new one is.
  case testOnly
  /// The ledger failed.
  case ledger(LedgerError)
}
