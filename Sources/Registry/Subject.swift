// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// A pseudonymous source: what the log says of it, before any question is asked.
package struct Subject: Sendable {
    /// The most accounts of one subject.
    package static let accountCountMax = 16

    /// Its id.
    package let id: RegistryID
    /// The key that signs for it now.
    package internal(set) var key: RegistryKey
    /// SHA-256 of the key that it promised.
    package internal(set) var next: RegistryID
    /// When it registered, seconds since 1970.
    package let registeredAt: Int64
    /// The commitments of its accounts, in the order in which it showed control.
    package internal(set) var accounts: [RegistryID] = []
    var controls: [Control] = []
    var vouches: [Vouch] = []
    var suspensions: [Suspension] = []
    /// How it ended, if it did.
    package internal(set) var closure: Closure?
    /// The revocation before it ended otherwise, if any.
    var revocation: Closure?

    /// A stretch of time in which control of an account counts.
    struct Control: Sendable {
        let account: RegistryID
        let span: Range<Int64>
    }

    /// A vouch, with what was true of its maker when it was made.
    struct Vouch: Sendable {
        let verifier: RegistryID
        let constituency: String
        let epoch: RegistryEpoch
        let accounts: [RegistryID]
        let entry: RegistryID
        let since: Int64
        let until: Int64
        var withdrawnAt: Int64?
    }

    struct Suspension: Sendable {
        let span: Range<Int64>
        let reason: RegistryReason
    }

    /// A decision that has no end.
    package struct Closure: Sendable {
        /// What it makes of the subject.
        package let state: StandingState
        /// From when, seconds since 1970.
        package let since: Int64
        /// Why.
        package let reason: RegistryReason
        /// The last moment at which the account was the subject's, seconds since 1970.
        package let lastTrustedAt: Int64?
    }

    /// The last moment at which the accounts were the subject's, as far as anybody decided.
    package var lastTrustedAt: Int64? {
        switch (closure?.lastTrustedAt, revocation?.lastTrustedAt) {
        case (let left?, let right?): min(left, right)
        case (let left, let right): left ?? right
        }
    }

    /// The day on which the last proof of control was logged that counts at a moment.
    package func shownOn(_ account: RegistryID, at time: Int64) -> Int64? {
        controls.last { $0.account == account && $0.span.contains(time) }?.span.lowerBound
    }

    func controls(_ account: RegistryID, at time: Int64) -> Bool {
        controls.contains { $0.account == account && $0.span.contains(time) }
    }
}
