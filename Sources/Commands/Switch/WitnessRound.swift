// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Outside
import Storage
import Synchronization
import TransparencyLog

/// Asks the witnesses of a policy what time it is: hands them a log's checkpoint again, to be
/// cosigned now.
///
/// Spec: `docs/spec/switch.md`, section 4.5; C2SP `tlog-witness`.
struct WitnessRound {
    private static let timeoutMilliseconds = 10_000

    let policy: LogPolicy
    let client: @Sendable () throws -> HTTPClient

    /// A checkpoint with the cosignatures of those that answered in place of their older ones.
    func cosign(_ reader: TiledLogReader) -> SignedNote {
        let witnesses = policy.witnesses.filter { $0.url != nil }
        let answers = Mutex<[NoteSignature]>([])
        DispatchQueue.concurrentPerform(iterations: witnesses.count) { index in
            // A witness that is silent is no failure: a majority is enough.
            let lines = (try? ask(witnesses[index], reader)) ?? []
            answers.withLock { $0 += lines }
        }
        var note = reader.note
        for line in answers.withLock({ $0 }) { note.add(line) }
        return note
    }

    private func ask(
        _ witness: LogPolicy.Witness,
        _ reader: TiledLogReader
    ) throws -> [NoteSignature] {
        guard let url = witness.url else { return [] }
        let client = try client()
        var old = reader.size
        for _ in 0..<2 {
            let request = WitnessRequest(
                oldSize: old,
                proof: old == reader.size ? [] : try reader.consistencyProof(from: old),
                note: reader.note
            )
            let response = try client.send(
                .init(
                    url: (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/add-checkpoint",
                    body: request.encoded,
                    countMax: WitnessRequest.countMax,
                    timeoutMilliseconds: Self.timeoutMilliseconds
                )
            )
            if response.status == 409, let known = WitnessRequest.knownSize(in: response.body),
                known < reader.size
            {
                old = known
                continue
            }
            guard response.status == 200 else { return [] }
            let text = reader.note.text
            return try WitnessRequest.cosignatures(in: response.body).filter { line in
                let note = SignedNote(text: text, signatures: [line])
                return (try? note.verify([witness.verifier])) != nil
            }
        }
        return []
    }
}
