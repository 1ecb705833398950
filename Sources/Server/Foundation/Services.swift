import Alerting
import Attestation
import Casework
import Identity
import Issuing
import Ledger
import Logging
import Notifying
import Verification

/// Everything that the routes call; made once, at the composition root.
package struct Services: Sendable {
  /// The ledger and the modules over it.
  package let ledger: Ledger, issuing: Issuing, verification: Verification, access: Access, log: LogReader
  /// The alerting engine.
  package let alerting: AlertingEngine
  /// Who holds which key, remembered for a moment.
  package let keys: KeyCache
  /// Holds back whoever guesses passwords.
  package let signInGuard: SignInGuard
  /// Whose word signs people in, besides their passwords; nil for nobody's.
  package let provider: IdentityProvider?
  /// The keys of the installation; nil where the server has no folder of its own.
  package let keystore: KeystoreDesk?
  /// Cases.
  package let casework: Casework
  /// Who stamps and cosigns checkpoints.
  package let attestation: AttestationSettings
  /// How asking them goes.
  package let board = AttestationBoard()
  /// Other systems that are told of alerts and cases.
  package let webhooks: Webhooks
  /// Counts for `/metrics`.
  package let metrics: Metrics
  /// Products and dealers as they stand in answers.
  let names: NameCache
  /// Takes the scans of people who open a code's page.
  let consumers: ConsumerDesk

  /// Over a ledger.
  /// - Parameters:
  ///   - attachments: the folder where attachments of cases are kept; nil takes none.
  ///   - provider: the identity provider that people may sign in with.
  ///   - keystore: the keys, to be rotated and revoked.
  ///   - courier: takes notices to other systems; `allowsLoopback` whether this machine may be one of them.
  package init(
    _ ledger: Ledger, alerting: AlertingEngine, attachments: String? = nil,
    attestation: AttestationSettings = AttestationSettings(), provider: IdentityProvider? = nil,
    keystore: KeystoreDesk? = nil, courier: Courier = .nowhere, allowsLoopback: Bool = false
  ) {
    self.ledger = ledger
    self.alerting = alerting
    issuing = Issuing(ledger)
    verification = Verification(ledger)
    access = Access(ledger)
    log = LogReader(ledger)
    keys = KeyCache(access: access, ledger: ledger)
    casework = Casework(ledger, attachments: attachments)
    self.attestation = attestation
    self.provider = provider
    self.keystore = keystore
    webhooks = Webhooks(ledger, courier: courier, allowsLoopback: allowsLoopback)
    metrics = Metrics()
    signInGuard = SignInGuard(now: ledger.now)
    names = NameCache(ledger)
    consumers = ConsumerDesk(ledger, verification, metrics)
  }
}
