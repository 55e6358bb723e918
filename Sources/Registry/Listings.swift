// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import SnapshotFormat
internal import Statements

/// What panels decided of accounts that designations list.
///
/// Spec: `docs/spec/complaints.md`, section 6.
struct Listings {
    private struct Word {
        let network: RegistryID
        let since: Int64
        let outcome: AppealOutcome
    }

    /// In the order of the decisions.
    private var words: [PlatformAccount: [Word]] = [:]

    /// - Parameters:
    ///   - state: Folded up to `time`.
    ///   - links: The accounts that are known, by commitment.
    ///   - time: What held then, seconds since 1970.
    /// - Complexity: O(complaints).
    init(_ state: RegistryState, _ links: [RegistryID: AccountLink], _ time: Int64) {
        var decided: [RegistryID: [Word]] = [:]
        for complaint in state.complaints(about: nil) {
            guard let network = complaint.statement.network,
                let decision = complaint.decision(at: time)
            else { continue }
            let word = Word(
                network: RegistryID(network),
                since: decision.since,
                outcome: decision.outcome
            )
            decided[RegistryID(complaint.statement.target), default: []].append(word)
        }
        guard !decided.isEmpty else { return }
        for (commitment, all) in decided {
            guard let account = links[commitment]?.account else { continue }
            words[account, default: []] += all
        }
        for (account, all) in words {
            // What is decided on one day counts for the account.
            words[account] = all.sorted {
                ($0.since, $0.outcome == .rejected ? 1 : 0)
                    < ($1.since, $1.outcome == .rejected ? 1 : 0)
            }
        }
    }

    /// What holds of an account in a network's list: the newest word on it there; without any, a
    /// rejection if that is the newest word on it anywhere, so that a council that calls the
    /// network by a new name does not get around the panel.
    func outcome(of account: PlatformAccount, in network: RegistryID) -> AppealOutcome? {
        guard let all = words[account] else { return nil }
        if let own = all.last(where: { $0.network == network }) { return own.outcome }
        return all.last?.outcome == .rejected ? .rejected : nil
    }
}
