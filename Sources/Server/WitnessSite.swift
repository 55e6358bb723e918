// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage
package import TransparencyLog

/// A witness over HTTP.
///
/// Spec: C2SP `tlog-witness`.
package struct WitnessSite: Site {
    private static let submission = "/add-checkpoint"
    private static let checkpointSuffix = "/checkpoint"

    private let rules: WitnessRules
    private let store: WitnessStore
    private let log: ServerLog

    /// A witness.
    ///
    /// - Parameters:
    ///   - rules: With the logs that it follows.
    ///   - store: What it remembers of them.
    ///   - log: Where events go.
    package init(rules: WitnessRules, store: WitnessStore, log: ServerLog) {
        self.rules = rules
        self.store = store
        self.log = log
    }

    /// See Site/answer(_:).
    package func answer(_ question: Question) async throws -> Answer? {
        switch question.method {
        case .post where question.path == Self.submission:
            return try await add(try await question.body(WitnessRequest.countMax))
        case .get where question.path == Self.submission:
            return .text(405, "POST here")
        case .get where question.path == "/health":
            return .text(200, "ok")
        case .get where question.path.hasSuffix(Self.checkpointSuffix):
            let folder = question.path.dropFirst().dropLast(Self.checkpointSuffix.count)
            guard let note = try store.note(inFolder: String(folder)) else { return nil }
            return Answer(caching: .brief, body: note.encoded)
        default:
            return nil
        }
    }

    private func add(_ body: [UInt8]) async throws -> Answer {
        do {
            let request: WitnessRequest
            do {
                request = try WitnessRequest(parsing: body)
            } catch {
                throw WitnessRules.Refusal.malformed(error)
            }
            let cosignature = try await Blocking.run {
                try store.cosign(request, rules: rules, time: log.now)
            }
            return .text(200, cosignature.line)
        } catch let refusal as WitnessRules.Refusal {
            if refusal == .fork { log.event("fork") }
            guard case .otherSize(let size) = refusal else {
                return .text(refusal.status, String(describing: refusal))
            }
            return Answer(
                status: refusal.status,
                mediaType: WitnessRequest.sizeMediaType,
                body: Array("\(size)\n".utf8)
            )
        }
    }
}
