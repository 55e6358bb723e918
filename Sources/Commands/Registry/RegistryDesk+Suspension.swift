// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Statements

extension RegistryDesk {
    /// Asks for a suspension of days, unless there is one.
    ///
    /// Whoever watches and finds the same on the same day writes the same statement, so that the
    /// signatures come together.
    ///
    /// - Returns: What became of it.
    func suspendForDays(
        _ subject: Subject,
        _ reason: RegistryReason,
        _ state: RegistryState,
        key: String
    ) throws -> [String] {
        let isSuspended = subject.accounts.contains { account in
            state.standing(of: subject.id, account: account, at: context.now)?.state == .suspended
        }
        guard !isSuspended, let charter = state.charter else { return [] }
        let head = head(state)
        let days = Int64(charter.rules.emergencyDays)
        let statement = SuspendStatement(
            head: head,
            subject: subject.id.bytes,
            until: head.date + days * RegistryHead.daySeconds,
            reason: reason
        )
        let envelope = try sign(statement, with: [key], isTold: true)
        return try outcome(envelope, submit(envelope, output: nil)).lines
    }
}
