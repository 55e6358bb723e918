// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SnapshotFormat
import TransparencyLog

/// The options of commands that heed the registry.
struct SnapshotOptions: ParsableArguments {
    @Option(
        help: Text(
            en: "Signed snapshot of the registry.",
            es: "Instantánea firmada del registro."
        ).help,
        completion: .file()
    )
    var snapshot: String?

    @Option(
        help: Text(
            en: "Whose snapshots are believed (from “registry charter trust”).",
            es: "A quién se cree (de «registry charter trust»)."
        ).help,
        completion: .file()
    )
    var trust: String?

    @Option(
        help: Text(
            en: "For a sealed snapshot: the file with the platform's key.",
            es: "Para una instantánea cifrada: el archivo con la llave de la plataforma."
        ).help,
        completion: .file()
    )
    var identity: String?

    @OptionGroup var audience: RegistryAudienceOptions

    /// Opens the snapshot, if there is one; older ones than the newest seen are refused.
    ///
    /// - Returns: The verified snapshot; `nil` if none was named.
    /// - Throws: `.doesNotVerify`; `.usage` without a trust file.
    func open(in context: Context) throws -> Snapshot? {
        guard let path = snapshot else { return nil }
        guard let trust else {
            throw Failure(
                .usage,
                Text(
                    en: "a snapshot alone proves nothing",
                    es: "una instantánea sola no prueba nada"
                ),
                hint: Text(
                    en: "give --trust FILE: whose signatures count",
                    es: "indique --trust ARCHIVO: de quién valen las firmas"
                )
            )
        }
        let keys = try SnapshotTrust(
            parsing: FeedFiles.read(trust, byteCountMax: SnapshotTrust.byteCountMax)
        )
        if keys.policy.quorum == nil { context.console.note(RegistryWitnessOptions.warning) }
        let file = try SnapshotFile(parsing: SnapshotSeal.read(path, identity: identity))
        let audience = try audience.audience() ?? file.header.audience
        let memory = RegistrySnapshotMemory(
            RegistryDesk(context).home,
            origin: keys.origin,
            audience: audience
        )
        // Looking back with --as-of may need an older one, and must not make it look new.
        let isLookingBack = context.asOf != nil
        let snapshot = try file.verified(
            by: keys,
            audience: audience,
            now: context.now,
            lastSeen: isLookingBack ? nil : memory.load("seen")
        )
        if !isLookingBack { try memory.save(snapshot.seen, "seen") }
        return snapshot
    }
}
