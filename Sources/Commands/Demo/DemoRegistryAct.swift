// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Feed

/// Third act: an anonymous source is vouched for, and a network is designated.
struct DemoRegistryAct {
    /// The verifying organisations of the story, each of a constituency of its own.
    private static let verifiers = [
        (home: "diario", name: "Diario del Valle", kind: "newsroom", constituency: "press"),
        (
            home: "buscadoras", name: "Buscadoras del Valle", kind: "search-collective",
            constituency: "rights"
        ),
        (
            home: "observatorio", name: "Observatorio", kind: "fact-checker",
            constituency: "academia"
        ),
    ]
    private static let constituencies = ["academia", "international", "press", "rights"]

    let stage: DemoStage

    func play() throws {
        stage.act(Text(en: "The registry", es: "El registro"))
        try stage.write(Array("one passphrase for all of them\n".utf8), to: "registry.pass")
        try found()
        try accredit()
        try vouch(for: register())
        try designate()
        try publish()
    }

    private func actor(_ home: String, _ day: String) -> [String] {
        ["--home", home, "--exchange", "registry"] + secrets(day)
    }

    private func secrets(_ day: String) -> [String] {
        ["--passphrase-file", "registry.pass", "--demo", "--as-of", day]
    }

    private func collect(_ day: String) throws {
        try stage.type(["registry", "collect"] + actor("operator", day))
    }

    /// Makes keys and returns their public halves in the order of `names`.
    private func makeKeys(_ names: [String], home: String) throws -> [String] {
        let made = try stage.ask(
            ["registry", "key", "new"] + names
                + ["--home", home, "--passphrase-file", "registry.pass", "--demo"]
        )
        let keys = made["keys"]?.array?.compactMap { $0["key"]?.string } ?? []
        guard keys.count == names.count else { throw DemoStage.missing("keys") }
        return keys
    }

    private func found() throws {
        stage.tell(
            Text(
                en: "Four constituencies of civil society found a registry; no state sits in it.",
                es:
                    "Cuatro sectores de la sociedad civil fundan un registro; ningún Estado "
                    + "participa."
            )
        )
        try stage.type(
            ["registry", "init", "--origin", "registry.example/log"]
                + actor("operator", DemoDay.charter)
        )
        _ = try makeKeys(["snapshot"], home: "operator")
        let names =
            Self.constituencies.map { "root-\($0)" } + Self.constituencies.map { "seat-\($0)" }
        let keys = try makeKeys(names, home: "council")
        var words = ["registry", "charter", "create"]
        for (index, constituency) in Self.constituencies.enumerated() {
            words += ["--root", "\(constituency):\(keys[index])"]
        }
        for (index, constituency) in Self.constituencies.enumerated() {
            words += ["--seat", "\(constituency):\(keys[Self.constituencies.count + index])"]
        }
        words += ["--snapshot-key", "snapshot", "--key", "operator"]
        try stage.type(words + actor("operator", DemoDay.charter))
        try stage.type(
            ["registry", "sign", "--all"]
                + Self.constituencies.flatMap { ["--key", "root-\($0)"] }
                + actor("council", DemoDay.charter)
        )
        try collect(DemoDay.charter)
        try stage.type(
            [
                "registry", "charter", "trust", "--no-witnesses", "--output", "trust.json",
                "--exchange", "registry",
                "--home", "platform", "--as-of", DemoDay.charter,
            ]
        )
    }

    private func accredit() throws {
        stage.tell(
            Text(
                en: "The council accredits three organisations that know the region.",
                es: "El consejo acredita a tres organizaciones que conocen la región."
            )
        )
        for verifier in Self.verifiers {
            let keys = try makeKeys(["verifier"], home: verifier.home)
            try stage.type(
                [
                    "registry", "verifier", "accredit", "--public-key", keys[0], "--name",
                    verifier.name, "--kind", verifier.kind, "--constituency",
                    verifier.constituency,
                ] + seats + actor("council", DemoDay.charter)
            )
        }
        for verifier in Self.verifiers {
            try stage.type(
                ["registry", "sign", "--all"] + actor(verifier.home, DemoDay.charter)
            )
        }
        try collect(DemoDay.charter)
    }

    private var seats: [String] {
        ["academia", "press", "rights"].flatMap { ["--key", "seat-\($0)"] }
    }

    private func register() throws -> String {
        stage.tell(
            Text(
                en: "“\(DemoFeed.trustedAccount)” warns of roadblocks and signs with no name. She "
                    + "registers a key and shows two of them that the account is hers.",
                es: "«\(DemoFeed.trustedAccount)» avisa de bloqueos y no firma con nombre. "
                    + "Registra una clave y muestra a dos de ellas que la cuenta es suya."
            )
        )
        let registered = try stage.ask(
            ["registry", "source", "register"] + actor("source", DemoDay.vouches)
        )
        guard let subject = registered["subject"]?.string else {
            throw DemoStage.missing("subject")
        }
        try collect(DemoDay.vouches)
        try stage.type(
            [
                "registry", "source", "prove", "--platform", DemoFeed.platform, "--account",
                DemoFeed.trustedAccount, "--link-output", "link.json",
            ] + actor("source", DemoDay.vouches)
        )
        for verifier in Self.verifiers.prefix(2) {
            try stage.type(
                ["registry", "sign", "--all", "--link", "link.json"]
                    + actor(verifier.home, DemoDay.vouches)
            )
        }
        try collect(DemoDay.vouches)
        return subject
    }

    private func vouch(for subject: String) throws {
        stage.tell(
            Text(
                en:
                    "Two vouches are an early signal. The badge needs three, of two "
                    + "constituencies, "
                    + "and three days without objection.",
                es:
                    "Dos avales son una señal temprana. La insignia necesita tres, de dos "
                    + "sectores, "
                    + "y tres días sin objeciones."
            )
        )
        for (verifier, day) in zip(
            Self.verifiers,
            [DemoDay.vouches, DemoDay.vouches, DemoDay.thirdVouch]
        ) {
            if day == DemoDay.thirdVouch {
                try collect(DemoDay.vouches)
                try status(of: subject, DemoDay.thirdVouch)
            }
            try stage.type(
                ["registry", "vouch", subject, "--named", "--link", "link.json"]
                    + actor(verifier.home, day)
            )
        }
        try collect(DemoDay.thirdVouch)
        try status(of: subject, DemoDay.attested)
    }

    private func status(of subject: String, _ day: String) throws {
        try stage.type(
            [
                "registry", "status", subject, "--exchange", "registry", "--home", "platform",
                "--as-of", day,
            ]
        )
    }

    private func designate() throws {
        stage.tell(
            Text(
                en: "The council designates a network that threatens and recruits, for 90 days at "
                    + "most, with its evidence.",
                es: "El consejo designa una red que amenaza y recluta, por 90 días cuando mucho, "
                    + "con su evidencia."
            )
        )
        try stage.write(DemoDesignation.statement.canonicalBytes, to: "designation.json")
        try stage.write(DemoDesignation.accounts, to: "accounts.jsonl")
        try stage.type(
            ["registry", "designate", "designation.json", "--accounts", "accounts.jsonl"] + seats
                + actor("council", DemoDay.attested)
        )
        try collect(DemoDay.attested)
    }

    private func publish() throws {
        stage.tell(
            Text(
                en:
                    "The platform gets one signed file about its own accounts, and checks it "
                    + "offline.",
                es: "La plataforma recibe un archivo firmado sobre sus propias cuentas, y lo "
                    + "comprueba sin conexión."
            )
        )
        try stage.type(["registry", "source", "link", "link.json", "--home", "operator"])
        try stage.type(["plumbing", "age", "keygen", "-o", "platform.key"])
        try stage.type(["plumbing", "age", "keygen", "-y", "-o", "platform.pub", "platform.key"])
        try stage.type(
            ["registry", "snapshot", "create", "snapshot.age", "--no-witnesses"]
                + ["--for", DemoFeed.platform]
                + ["--to", "platform.pub"]
                + actor("operator", DemoDay.snapshot)
        )
        try stage.type(
            [
                "registry", "snapshot", "verify", "snapshot.age", "--trust", "trust.json",
                "--identity", "platform.key",
                "--home", "platform", "--demo", "--as-of", DemoDay.snapshot,
            ]
        )
    }
}
