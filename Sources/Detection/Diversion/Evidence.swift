import Glibc

/// The arithmetic that every verdict rests on: pure, and the same for the engine and for who checks it.
package enum Evidence {
  /// Natural logarithm of the Bayes factor "a share ρ of these goods is there" against "only the expected", the
  /// expected having a Gamma(ν, ν) factor, averaged over the shares.
  ///
  /// - Parameters:
  ///   - seen: independent sightings there.
  ///   - expected: how many belong there for innocent reasons; positive wherever `seen` is.
  ///   - exposure: how many would be seen there if all the goods were.
  ///   - shares: ρ, each with the same weight.
  ///   - dispersion: ν.
  package static func logRatio(
    seen: Channels, expected: Channels, exposure: Channels, shares: [Double], dispersion nu: Double
  ) -> Double {
    let n = seen.total
    let mean = expected.total
    let reach = exposure.total
    var best = -Double.infinity
    var sum = 0.0
    for share in shares {
      var value = (nu + n) * log((nu + mean) / (nu + mean + share * reach))
      for channel in 0..<Channels.count where seen[channel] > 0 {
        let mu = expected[channel]
        value += seen[channel] * log((mu + share * exposure[channel]) / mu)
      }
      // A running log-sum-exp: two passes without an array.
      if value > best {
        sum = sum * exp(best - value) + 1
        best = value
      } else {
        sum += exp(value - best)
      }
    }
    return best + log(sum / Double(max(1, shares.count)))
  }

  /// γ of e-LOND: how the accepted false share is spread over hypotheses in the order in which they come up.
  static func spending(_ ordinal: Int) -> Double {
    let i = Double(max(ordinal, 2))
    return 0.0772 * log(i) / (i * exp(log(i).squareRoot()))
  }

  /// Natural logarithm of the evidence that hypothesis number `ordinal` needs, after `raised` alerts (e-LOND).
  package static func threshold(alpha: Double, ordinal: Int, raised: Int) -> Double {
    -log(alpha * spending(ordinal) * Double(raised + 1))
  }
}
