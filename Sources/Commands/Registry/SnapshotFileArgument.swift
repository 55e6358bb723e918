// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Registry
import SnapshotFormat
import TransparencyLog

/// A snapshot that somebody was given, and whom to believe about it.
struct SnapshotFileArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            Text(
                en: "The snapshot, or what was made of one.",
                es: "La instantánea, o lo que se hizo de ella."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var file: String

    @Option(
        help: ArgumentHelp(
            Text(
                en:
                    """
                    Whose snapshots to believe (from `charter trust`); else the charter known \
                    here.
                    """,
                es: "En quién confiar (de `charter trust`); si falta, la carta conocida aquí."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var trust: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "For a sealed snapshot: the file with the platform's key.",
                es: "Para una instantánea cifrada: el archivo con la llave de la plataforma."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var identity: String?

    /// Opens and verifies it, and remembers its version.
    ///
    /// - Parameters:
    ///   - audience: Whom it has to be for; its own if nobody said.
    ///   - desk: Where somebody sits.
    /// - Returns: What it says.
    /// - Throws: `SnapshotError`, among others.
    func open(_ audience: SnapshotAudience?, at desk: RegistryDesk) throws -> Snapshot {
        try openFile(audience, at: desk).opened
    }

    /// The same, with the file.
    func openFile(
        _ audience: SnapshotAudience?,
        at desk: RegistryDesk
    ) throws -> (file: SnapshotFile, opened: Snapshot) {
        let context = desk.context
        let bytes = try SnapshotSeal.read(file, identity: identity)
        let trust = try trusted(desk)
        let snapshot = try SnapshotFile(parsing: bytes)
        let audience = audience ?? snapshot.header.audience
        let memory = RegistrySnapshotMemory(
            desk.home,
            origin: trust.origin,
            audience: audience
        )
        let opened = try snapshot.verified(
            by: trust,
            audience: audience,
            now: context.now,
            lastSeen: memory.load("seen")
        )
        // Looking back with --as-of must not make today's snapshot look new.
        if context.asOf == nil || context.isDemo { try memory.save(opened.seen, "seen") }
        return (snapshot, opened)
    }

    /// Opens and verifies the proof of a row; nothing is remembered of it.
    ///
    /// - Parameters:
    ///   - audience: Whom its snapshot has to be for, if that matters.
    ///   - desk: Where somebody sits.
    /// - Returns: The proof.
    /// - Throws: `SnapshotError`, among others.
    func openRow(_ audience: SnapshotAudience?, at desk: RegistryDesk) throws -> SnapshotRowProof {
        let proof = try SnapshotRowProof(parsing: SnapshotSeal.read(file, identity: identity))
        try proof.verify(by: trusted(desk), audience: audience, now: desk.context.now)
        return proof
    }

    /// Opens and verifies a filter, and remembers its version apart from those of snapshots.
    ///
    /// - Parameter desk: Where somebody sits.
    /// - Returns: The filter.
    /// - Throws: `SnapshotError`, among others.
    func openFilter(at desk: RegistryDesk) throws -> SnapshotFilter {
        let context = desk.context
        let bytes = try RegistryHome.read(file, countMax: SnapshotFilter.byteCountMax)
        let trust = try trusted(desk)
        let filter = try SnapshotFilter(parsing: bytes)
        let memory = RegistrySnapshotMemory(desk.home, origin: trust.origin, audience: .everyone)
        let seen = try filter.verify(
            by: trust,
            now: context.now,
            lastSeen: memory.load(Self.filters)
        )
        if context.asOf == nil || context.isDemo { try memory.save(seen, Self.filters) }
        return filter
    }

    private static let filters = "filters"

    private func trusted(_ desk: RegistryDesk) throws -> SnapshotTrust {
        let known = try trust.map { try RegistryTrust.read($0) } ?? RegistryTrust.of(desk)
        if known.policy.quorum == nil { desk.context.console.note(RegistryWitnessOptions.warning) }
        return known
    }
}
