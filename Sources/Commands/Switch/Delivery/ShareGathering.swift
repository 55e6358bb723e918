// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Escrow
import Statements
import Storage
import Switch

/// The shares of a release, from the logs and from files, and what is to be said of each trustee's.
///
/// Spec: `docs/spec/switch.md`, section 16.
struct ShareGathering {
    /// Shares from files that no log has.
    private(set) var further: [TrusteeNumber: VerifiedShare] = [:]
    /// How many there are in all.
    let count: Int
    /// Which are bad, or missing as long as there are too few, and whose.
    private(set) var notes: [Text] = []

    private static let fileCountMax = Envelope.byteCountMax

    /// Gathers them.
    ///
    /// - Throws: What reading the files throws; a bad share is no failure.
    init(_ record: SwitchRecord, log: WitnessedLog, files: [String]) throws {
        let bad = Set(record.refused.filter { $0.reason == .share }.map(\.leaf))
        for entry in log.entries where bad.contains(entry.leaf) {
            let envelope = try? Envelope(canonical: entry.bytes)
            guard let share = try? envelope?.read(PublishedShare.self) else { continue }
            let number = share.trustee.value
            notes.append(
                Text(
                    en: "the share of trustee \(number) is bad: its proof does not hold",
                    es: "la parte del custodio \(number) es mala: su prueba no se sostiene"
                )
            )
        }
        for file in files {
            let bytes = try LocalFileSystem().read(file, countMax: Self.fileCountMax)
            guard let share = Self.share(bytes, record) else {
                notes.append(
                    Text(
                        en: "\(file) holds no share of this switch that is right",
                        es: "\(file) no tiene una parte correcta de este interruptor"
                    )
                )
                continue
            }
            let number = TrusteeNumber(Int(share.share.index.value))
            if record.shares[number] == nil { further[number] = share }
        }
        count = record.shares.count + further.count
        guard count < record.arming.terms.threshold else { return }
        for number in Recovery.missing(in: record) where further[number] == nil {
            notes.append(
                Text(
                    en: "no share yet of trustee \(number.value)",
                    es: "todavía sin la parte del custodio \(number.value)"
                )
            )
        }
    }

    /// A share from a file: a statement as a log takes it, or its binary form.
    ///
    /// Who brings it does not matter: its proof holds or does not.
    private static func share(_ bytes: [UInt8], _ record: SwitchRecord) -> VerifiedShare? {
        let line = bytes.last == 0x0a ? Array(bytes.dropLast()) : bytes
        let said = (try? Envelope(canonical: line)).flatMap { try? $0.read(PublishedShare.self) }
        guard let opened = try? OpenedShare(bytes: said?.share ?? bytes) else { return nil }
        return try? opened.verified(in: record.arming.dealing)
    }
}
