// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import SnapshotFormat
import Sodium
import Statements

/// `resguardo registry snapshot`: what platforms and the feed read.
struct RegistrySnapshotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: Text(
            en: "Signed snapshots of the registry, for platforms and for the feed.",
            es: "Instantáneas firmadas del registro, para plataformas y publicaciones."
        ).local,
        subcommands: [
            RegistrySnapshotCreateCommand.self, RegistrySnapshotSignCommand.self,
            RegistrySnapshotVerifyCommand.self,
            RegistrySnapshotProveCommand.self, RegistrySnapshotVerifyRowCommand.self,
            RegistrySnapshotFilterCommand.self, RegistrySnapshotAskCommand.self,
        ]
    )
}

/// Who a snapshot is for.
struct RegistryAudienceOptions: ParsableArguments {
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            Text(
                en: "For this platform, with what only platforms may see.",
                es: "Para esta plataforma, con lo que solo pueden ver las plataformas."
            ).local,
            valueName: Text(en: "platform", es: "plataforma").local
        )
    )
    var platform: String?

    @Flag(
        name: .customLong("public"),
        help: Text(
            en: "For everybody, with public sources only.",
            es: "Para todo el mundo, solo con fuentes públicas."
        ).help
    )
    var isPublic = false

    /// The audience that was asked for, if any.
    func audience() throws -> SnapshotAudience? {
        guard let platform else { return isPublic ? .everyone : nil }
        guard !isPublic, let audience = SnapshotAudience(name: "platform:\(platform)") else {
            throw Failure(
                .usage,
                Text(
                    en: "give either --for PLATFORM (in lower case) or --public",
                    es: "indique --for PLATAFORMA (en minúsculas) o --public"
                )
            )
        }
        return audience
    }
}

/// `resguardo registry snapshot create`.
struct RegistrySnapshotCreateCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: Text(
            en: "Make a signed snapshot; it holds for a week.",
            es: "Crear una instantánea firmada; vale una semana."
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(en: "Where to write it.", es: "Dónde escribirla.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var file: String

    @Option(help: SigningKeyOption.help)
    var key: [String] = []

    @OptionGroup var sealing: SnapshotSealingOptions
    @OptionGroup var audience: RegistryAudienceOptions
    @OptionGroup var witnesses: RegistryWitnessOptions
    @OptionGroup var files: OutputOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        guard let audience = try audience.audience() else {
            throw Failure(
                .usage,
                Text(en: "say who it is for", es: "indique para quién es"),
                hint: Text(
                    en: "--for PLATFORM or --public",
                    es: "--for PLATAFORMA o --public"
                )
            )
        }
        try sealing.require(for: audience)
        // Before a version is used up.
        try OutputFile.requireNew([file], force: files.force)
        let desk = RegistryDesk(context)
        let log = try desk.log(asOf: context.now)
        guard let charter = log.state.charter(at: context.now) else {
            throw RegistryFailure.noCharter
        }
        // Nobody gets trust from a charter that is over, nor keeps it by a new snapshot.
        guard context.now < charter.until else { throw RegistryFailure.refused(.expiredCharter) }
        let names = try SnapshotSigners.names(key, charter.snapshotKeys, desk)
        let checkpoint = try desk.checkpoint(of: log, witnesses.read(at: desk))
        let compiled = SnapshotCompiler(
            state: log.state,
            links: try desk.home.links(),
            lists: try desk.home.lists(desk.exchange),
            audience: audience,
            date: context.now,
            mask: try desk.suspensionMask()
        ).compile()
        for reason in compiled.heldBack { context.console.note(Self.text(reason)) }
        let memory = RegistrySnapshotMemory(
            desk.home,
            origin: charter.origin,
            audience: audience
        )
        var snapshot = SnapshotFile(
            audience: audience,
            version: (try memory.load("made")?.version ?? 0) + 1,
            date: context.now,
            lifeSeconds: min(SnapshotHeader.lifeSecondsMax, charter.until - context.now),
            checkpoint: checkpoint,
            salt: randomBytes(SnapshotFile.saltCount),
            records: compiled.records
        )
        for name in names { snapshot.sign(with: try desk.secretKey(name)) }
        let bytes = try sealing.seal(snapshot.bytes)
        // The version is used up before the file is out: two files never share one.
        let seen = SnapshotSeen(
            version: snapshot.header.version,
            digest: snapshot.digest,
            size: snapshot.header.checkpoint.size
        )
        try memory.save(seen, "made")
        try OutputFile.write(bytes, to: file, force: files.force)
        return outcome(snapshot, compiled.heldBack.count, charter.snapshotThreshold, context)
    }

    private func outcome(
        _ snapshot: SnapshotFile,
        _ heldBackCount: Int,
        _ threshold: Int,
        _ context: Context
    ) -> Outcome {
        let header = snapshot.header
        let signatures = snapshot.signatures.count
        let expires = RegistryText.date(header.expires)
        let told = Text(
            en: """
                \(file): version \(header.version) for \(header.audience.name), \
                \(header.recordCount) records, signatures \(signatures) of \(threshold), until \
                \(expires)
                """,
            es: """
                \(file): versión \(header.version) para \(header.audience.name), \
                \(header.recordCount) registros, firmas \(signatures) de \(threshold), hasta \
                \(expires)
                """
        )
        return Outcome(
            json: [
                "audience": .string(header.audience.name),
                "digest": .string(Hex.encode(snapshot.digest)),
                "expires": .integer(header.expires), "file": .string(file),
                "heldBack": .integer(Int64(heldBackCount)),
                "records": .integer(Int64(header.recordCount)),
                "signatures": .integer(Int64(signatures)),
                "version": .integer(header.version),
            ],
            lines: [told[context.language]]
        )
    }

    private static func text(_ reason: SnapshotCompiler.HeldBack) -> Text {
        switch reason {
        case .claimedTwice(let account):
            Text(
                en: "left out: two sources claim \(account.platform) \(account.stableID)",
                es: "omitida: dos fuentes reclaman \(account.platform) \(account.stableID)"
            )
        case .attestedAndDesignated(let account):
            Text(
                en: """
                    left out until a panel decides: \(account.platform) \(account.stableID) is \
                    attested and designated
                    """,
                es: """
                    omitida hasta que decida un panel: \(account.platform) \(account.stableID) \
                    está atestiguada y designada
                    """
            )
        case .attestedAndLimited(let account):
            Text(
                en: """
                    not limited: \(account.platform) \(account.stableID) is attested; a dispute \
                    about its source decides
                    """,
                es: """
                    sin límite: \(account.platform) \(account.stableID) está atestiguada; decide \
                    una disputa sobre su fuente
                    """
            )
        case .missingList(let digest):
            Text(
                en: "a list of accounts is not here: \(digest.hex.prefix(12))",
                es: "no está aquí una lista de cuentas: \(digest.hex.prefix(12))"
            )
        }
    }
}
