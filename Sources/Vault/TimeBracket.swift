// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements
internal import TimeStamping
internal import TransparencyLog

/// Between which moments a deposit was made, as far as anybody outside says so.
///
/// The device's own clock has no part in it: its day is the depositor's claim and nothing else.
///
/// Spec: `docs/spec/vault.md`, section 10.3.
package struct TimeBracket: Equatable, Sendable {
    /// One end, and who vouches for it.
    package struct Bound: Equatable, Sendable {
        /// Seconds since 1970.
        package let seconds: Int64
        /// The authority, as its certificate says.
        package let authority: String
        /// SHA-256 of the answer that proves it.
        package let token: [UInt8]
    }

    /// The day by the depositor's clock.
    package let claimedDate: String
    /// The statement did not exist before this.
    package let earliest: Bound?
    /// The statement, and so what it commits to, existed at this moment at the latest.
    package let latest: Bound?

    /// The bracket of an entry.
    ///
    /// The lower end is the time of the answer whose digest the statement holds: nobody knew that
    /// digest before. (That an answer about an *earlier checkpoint* exists would prove nothing: it
    /// may have been fetched long after.) The upper end is the earliest time of an answer about a
    /// checkpoint that covers the entry.
    ///
    /// - Parameters:
    ///   - statement: What was signed.
    ///   - index: Its entry.
    ///   - kept: Checkpoints of the log, with the answers about them.
    ///   - roots: Certificates to start from; nil takes those that came with each answer.
    package init(
        of statement: DepositStatement,
        index: UInt64,
        kept: [KeptCheckpoint],
        roots: [UInt8]?
    ) {
        var earliest: Bound?
        var latest: Bound?
        for checkpoint in kept {
            for token in checkpoint.tokens {
                // What does not verify proves nothing; the audit names it.
                guard let facts = try? checkpoint.verify(token, roots: roots) else { continue }
                func bound(_ seconds: Int64) -> Bound {
                    Bound(seconds: seconds, authority: facts.authority, token: token.digest)
                }
                if token.digest == statement.afterToken { earliest = bound(facts.earliest) }
                if checkpoint.checkpoint.size > index, facts.latest < latest?.seconds ?? .max {
                    latest = bound(facts.latest)
                }
            }
        }
        claimedDate = statement.date
        self.earliest = earliest
        self.latest = latest
    }
}
