// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage
package import TransparencyLog

/// Asks the witnesses of a policy to cosign, all at once, and remembers what each of them knows.
///
/// Spec: C2SP `tlog-witness` and `tlog-policy`.
package actor WitnessCircle {
    /// What a witness answered over HTTP.
    package struct Reply: Sendable {
        package let status: Int
        package let body: [UInt8]

        package init(status: Int, body: [UInt8]) {
            self.status = status
            self.body = body
        }
    }

    /// Sends a body to a URL with POST; a limit of time is the closure's own affair.
    package typealias Ask = @Sendable (_ url: String, _ body: [UInt8]) async throws -> Reply

    /// Why a witness did not cosign.
    package enum Silence: String, Error, Sendable {
        /// It did not answer in time, or cannot be reached.
        case unreachable
        /// It answered what no witness answers.
        case garbage
        /// It says that it saw a larger tree, or a tree that this log did not sign.
        case disagrees
        /// It does not know the log, or not its key.
        case refuses
    }

    /// What became of one round.
    package struct Round: Sendable {
        /// The checkpoint with all cosignatures that came.
        package let note: SignedNote
        /// Names, within the policy, of witnesses that cosigned.
        package let cosigners: Set<String>
        /// The others of those that were asked.
        package let silent: [String: Silence]
        /// Whether the policy is satisfied.
        package let isQuorum: Bool
    }

    private let policy: LogPolicy
    private let ask: Ask
    private let graceMilliseconds: Int
    /// Size that each witness cosigned last, as far as known.
    private var sizes: [String: UInt64] = [:]

    /// A circle.
    ///
    /// - Parameters:
    ///   - policy: Whose witnesses, where they have a URL, are asked.
    ///   - graceMilliseconds: How long to wait for the rest once enough have cosigned.
    ///   - ask: How to reach them.
    package init(policy: LogPolicy, graceMilliseconds: Int = 300, ask: @escaping Ask) {
        self.policy = policy
        self.graceMilliseconds = graceMilliseconds
        self.ask = ask
    }

    /// Asks all witnesses for cosignatures on a log's checkpoint.
    ///
    /// - Parameter reader: The log; its note is signed by a log of the policy.
    /// - Returns: What came back, when all answered or enough did and the grace is over.
    package func cosign(_ reader: TiledLogReader) async -> Round {
        var note = reader.note
        var cosigners: Set<String> = []
        var silent: [String: Silence] = [:]
        await withTaskGroup(of: Event.self) { group in
            var waiting = 0
            for witness in policy.witnesses {
                guard let url = witness.url else { continue }
                let old = sizes[witness.name] ?? 0
                waiting += 1
                group.addTask { [ask] in
                    await Self.ask(witness, url, reader, old: old, ask)
                }
            }
            var isGraceRunning = false
            while waiting > 0, let event = await group.next() {
                guard case .answered(let name, let result) = event else { break }
                waiting -= 1
                switch result {
                case .success(let lines):
                    for line in lines { note.add(line) }
                    cosigners.insert(name)
                    sizes[name] = reader.size
                case .failure(let silence):
                    silent[name] = silence
                    sizes[name] = nil
                }
                if !isGraceRunning, waiting > 0, policy.isQuorum(cosigners) {
                    isGraceRunning = true
                    group.addTask { [graceMilliseconds] in
                        try? await Task.sleep(for: .milliseconds(graceMilliseconds))
                        return .graceOver
                    }
                }
            }
            group.cancelAll()
        }
        return Round(
            note: note,
            cosigners: cosigners,
            silent: silent,
            // The whole policy decides, over all signatures on the note.
            isQuorum: (try? policy.verify(note)) != nil
        )
    }

    private enum Event: Sendable {
        case answered(String, Result<[NoteSignature], Silence>)
        case graceOver
    }

    private static func ask(
        _ witness: LogPolicy.Witness,
        _ url: String,
        _ reader: TiledLogReader,
        old: UInt64,
        _ ask: Ask
    ) async -> Event {
        do {
            var old = min(old, reader.size)
            // The first answer may tell which size the witness knows; the second is final.
            for _ in 0..<2 {
                let size = old
                let proof = try await Blocking.run { try reader.consistencyProof(from: size) }
                let request = WitnessRequest(oldSize: size, proof: proof, note: reader.note)
                let base = url.hasSuffix("/") ? String(url.dropLast()) : url
                let reply = try await ask(base + "/add-checkpoint", request.encoded)
                guard reply.status == 409 else {
                    let lines = try lines(reply, by: witness.verifier, on: reader.note.text)
                    return .answered(witness.name, .success(lines))
                }
                guard let known = WitnessRequest.knownSize(in: reply.body) else {
                    throw Silence.garbage
                }
                guard known <= reader.size else { throw Silence.disagrees }
                old = known
            }
            throw Silence.garbage
        } catch let silence as Silence {
            return .answered(witness.name, .failure(silence))
        } catch {
            return .answered(witness.name, .failure(.unreachable))
        }
    }

    /// The witness's own valid lines of an answer.
    private static func lines(
        _ reply: Reply,
        by verifier: NoteVerifier,
        on text: [UInt8]
    ) throws(Silence) -> [NoteSignature] {
        switch reply.status {
        case 200: break
        case 422: throw .disagrees
        case 403, 404: throw .refuses
        default: throw .garbage
        }
        guard let lines = try? WitnessRequest.cosignatures(in: reply.body) else { throw .garbage }
        let valid = lines.filter { line in
            let verified = try? SignedNote(text: text, signatures: [line]).verify([verifier])
            return verified?.contains { $0.time > 0 } ?? false
        }
        guard !valid.isEmpty else { throw .garbage }
        return valid
    }
}
