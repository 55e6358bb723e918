// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What is remembered of an account from one look to the next.
///
/// Spec: `docs/spec/fetchers.md`, section 4.
package struct AccountWatch: Equatable, Sendable {
    /// Two failures this far apart are one too many.
    package static let patienceSeconds: Int64 = 86_400
    /// An account that no server answered for is looked at within as many seconds, or is lost.
    package static let silenceSeconds: Int64 = 7 * 86_400

    /// What a look amounts to.
    package enum Verdict: Equatable, Sendable {
        /// The account is what it was.
        case seen
        /// The code was never there.
        case notShown
        /// It is not there now; `since` then.
        case failing(LookFailure, since: Int64)
        /// It was not there twice, a day apart.
        case lost(LookFailure)
        /// It has another name.
        case renamed(from: String, to: String?)
    }

    /// The name that it had at the first look; empty for none.
    package private(set) var handle: String?
    /// Where the code was.
    package private(set) var place: AccountView.Place?
    /// The last good look, seconds since 1970.
    package private(set) var seenAt: Int64?
    /// The first bad look since then at which somebody answered, seconds since 1970.
    package private(set) var failedAt: Int64?
    /// The first look since somebody answered at which nobody did, seconds since 1970.
    package private(set) var silentAt: Int64?

    package init() {}

    /// Takes a look in.
    ///
    /// - Parameters:
    ///   - look: What was seen, or why nothing was.
    ///   - codes: Any of them shows control.
    ///   - time: Seconds since 1970.
    /// - Returns: What follows.
    package mutating func note(
        _ look: Result<AccountView, LookFailure>,
        codes: [String],
        at time: Int64
    ) -> Verdict {
        switch look {
        case .failure(let failure): return fail(failure, at: time)
        case .success(let view):
            let name = view.handle ?? ""
            if let handle, handle != name {
                return .renamed(from: handle, to: view.handle)
            }
            let now = codes.lazy.compactMap { view.place(of: $0) }.first
            // Posts scroll away; what stands in a profile was taken out.
            if now == nil, place == nil { return .notShown }
            if now == nil, place == .profile { return fail(.notFound, at: time) }
            handle = name
            place = now ?? place
            (seenAt, failedAt, silentAt) = (time, nil, nil)
            return .seen
        }
    }

    private mutating func fail(_ failure: LookFailure, at time: Int64) -> Verdict {
        // Silence says nothing about the account, unless it lasts: it has a clock of its own.
        let isSilence = [.unreachable, .timedOut, .notTrusted, .noService].contains(failure)
        let since = (isSilence ? silentAt : failedAt) ?? time
        let patience = isSilence ? Self.silenceSeconds : Self.patienceSeconds
        if isSilence { silentAt = since } else { (failedAt, silentAt) = (since, nil) }
        return time - since >= patience ? .lost(failure) : .failing(failure, since: since)
    }

    /// The object that remembers it.
    package var json: JSONValue {
        var members: [String: JSONValue] = [:]
        members["failed"] = failedAt.map { .integer($0) }
        members["handle"] = handle.map { .string($0) }
        members["place"] = place.map { .string($0.rawValue) }
        members["seen"] = seenAt.map { .integer($0) }
        members["silent"] = silentAt.map { .integer($0) }
        return .object(members)
    }

    /// Reads what ``json`` writes; `nil` for anything else.
    package init?(_ json: JSONValue) {
        guard let members = json.object,
            Set(members.keys).isSubset(of: ["failed", "handle", "place", "seen", "silent"])
        else { return nil }
        failedAt = members["failed"]?.integer
        handle = members["handle"]?.string
        place = members["place"]?.string.flatMap { AccountView.Place(rawValue: $0) }
        seenAt = members["seen"]?.integer
        silentAt = members["silent"]?.integer
    }
}
