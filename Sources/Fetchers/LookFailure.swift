// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Why an account could not be looked at.
///
/// A failure says nothing about the account: only an answer does.
///
/// Spec: `docs/spec/fetchers.md`, section 5.
package enum LookFailure: String, Error, Equatable, Sendable, CaseIterable {
    /// An address is no https address of a public name, or an account's id is not of its platform.
    case wrongAddress = "wrong-address"
    /// Name, route or server does not answer.
    case unreachable
    /// Too slow.
    case timedOut = "timed-out"
    /// The certificate is not one to trust.
    case notTrusted = "not-trusted"
    /// The answer is longer than allowed.
    case tooLong = "too-long"
    /// The server refuses, or sends us in circles or elsewhere.
    case refused
    /// The account, record or name is not there.
    case notFound = "not-found"
    /// The answer is not in the format of the platform.
    case malformed
    /// The answer is about another account than the one that was asked for.
    case otherAccount = "other-account"
    /// A signature in the answer is wrong.
    case forged
    /// The platform needs a resolver or a relay, and none was given.
    case noService = "no-service"
}
