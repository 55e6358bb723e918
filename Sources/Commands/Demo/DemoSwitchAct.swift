// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings

/// Second act: Ana falls silent, and her work comes out.
struct DemoSwitchAct {
    /// Five people in four countries; any three of them release.
    private static let trustees = [
        (home: "trustee-1", country: "MX"), (home: "trustee-2", country: "MX"),
        (home: "trustee-3", country: "US"), (home: "trustee-4", country: "DE"),
        (home: "trustee-5", country: "AR"),
    ]
    /// The three who answer.
    private static let releasing = ["trustee-1", "trustee-3", "trustee-5"]

    let stage: DemoStage

    func play() throws {
        stage.act(Text(en: "The dead-man switch", es: "El interruptor de hombre muerto"))
        try stage.write(Array("each has their own, in real life\n".utf8), to: "trustee.pass")
        let id = try arm()
        try fallSilent(id)
        try release(id)
        try open(id)
    }

    private func trustee(_ home: String) -> [String] {
        ["--home", home, "--passphrase-file", "trustee.pass", "--demo"]
    }

    private func exchange(_ time: String) -> [String] {
        ["--exchange", "switch", "--as-of", time]
    }

    private func arm() throws -> String {
        stage.tell(
            Text(
                en: "Ana asks five people in four countries to hold a share, and a newsroom abroad "
                    + "to receive. Until all have agreed, nothing is protected, and it says so.",
                es: "Ana pide a cinco personas de cuatro países que guarden una parte, y a una "
                    + "redacción del extranjero que reciba. Hasta que todas acepten, nada está "
                    + "protegido, y lo dice."
            )
        )
        for (name, country) in [("newsroom", "CH"), ("archive", "NL")] {
            try stage.type(
                [
                    "successor", "init", "--jurisdiction", country, "--output", name,
                    "--passphrase-file", "trustee.pass", "--demo",
                ]
            )
        }
        try stage.type(
            ["switch", "arm", DemoVaultAct.caseName, "--invitation", "invitation"]
                + ["--exchange", "switch"] + DemoVaultAct.ana(DemoDay.deposit)
        )
        for (index, (home, country)) in Self.trustees.enumerated() {
            let accept =
                ["trustee", "accept", "invitation", "--jurisdiction", country]
                + ["--output", "acceptance-\(index + 1)"] + trustee(home)
            _ = try stage.ask(["trustee", "init"] + trustee(home))
            if index == 0 {
                try stage.type(accept)
            } else {
                _ = try stage.ask(accept)
            }
        }
        let acceptances = Self.trustees.indices.flatMap { ["--trustee", "acceptance-\($0 + 1)"] }
        try stage.type(
            ["switch", "arm", DemoVaultAct.caseName] + acceptances
                + [
                    "--successor", "newsroom/successor.card", "--successor",
                    "archive/successor.card",
                ]
                + ["--exchange", "switch"] + DemoVaultAct.ana(DemoDay.armed)
        )
        let status = try stage.ask(
            ["switch", "status", "--exchange", "switch", "--as-of", DemoDay.armed]
        )
        guard let id = status["switches"]?.array?.first?["switch"]?.string else {
            throw DemoStage.missing("switches.switch")
        }
        try stage.type(["switch", "verify", id, "--exchange", "switch"])
        return id
    }

    private func fallSilent(_ id: String) throws {
        stage.tell(
            Text(
                en: "She checks in once more. Then nothing. Nobody can release early, however.",
                es: "Da señales una vez más. Luego, nada. Pero nadie puede liberar antes de tiempo."
            )
        )
        try stage.type(
            ["switch", "check-in", DemoVaultAct.caseName, "--exchange", "switch"]
                + DemoVaultAct.ana(DemoDay.lastCheckIn)
        )
        try stage.type(
            ["trustee", "release", id] + trustee("trustee-1") + exchange(DemoDay.lastCheckIn),
            expecting: FailureClass.notAllowed.rawValue
        )
        try stage.type(["switch", "status", id] + exchange(DemoDay.silence))
    }

    private func release(_ id: String) throws {
        stage.tell(
            Text(
                en:
                    "The trustees are asked. Three say what they know; she has three days to "
                    + "object.",
                es: "Se pregunta a los fiduciarios. Tres dicen lo que saben; ella tiene tres días "
                    + "para objetar."
            )
        )
        for home in Self.releasing {
            try stage.type(
                ["trustee", "attest", id, "--dead"] + trustee(home) + exchange(DemoDay.silence)
            )
        }
        stage.tell(
            Text(
                en: "They announce their shares, wait an hour, and publish them. Two are too few.",
                es: "Anuncian sus partes, esperan una hora y las publican. Dos no alcanzan."
            )
        )
        for home in Self.releasing {
            try stage.type(
                ["trustee", "release", id] + trustee(home) + exchange(DemoDay.release)
            )
        }
        for home in Self.releasing.prefix(2) {
            try stage.type(["trustee", "release", id] + trustee(home) + exchange(DemoDay.shares))
        }
        try recover(id, identity: "newsroom", expecting: FailureClass.notAllowed.rawValue)
        try stage.type(
            ["trustee", "release", id] + trustee(Self.releasing[2]) + exchange(DemoDay.shares)
        )
    }

    private func recover(_ id: String, identity: String, expecting status: Int32 = 0) throws {
        try stage.type(
            [
                "recover", id, "--identity", "\(identity)/successor.key", "--output", "recovered",
                "--store", "ana", "--exchange", "switch", "--passphrase-file", "trustee.pass",
                "--demo", "--as-of", DemoDay.shares,
            ],
            expecting: status
        )
    }

    private func open(_ id: String) throws {
        stage.tell(
            Text(
                en: "Three shares and a stranger's key open nothing; with the newsroom's they do.",
                es:
                    "Tres partes y la clave de un extraño no abren nada; con la de la redacción, "
                    + "sí."
            )
        )
        _ = try stage.ask(
            [
                "successor", "init", "--jurisdiction", "US", "--output", "stranger",
                "--passphrase-file", "trustee.pass", "--demo",
            ]
        )
        try recover(id, identity: "stranger", expecting: FailureClass.notAllowed.rawValue)
        try recover(id, identity: "newsroom")
        guard stage.has("age") else {
            stage.tell(
                Text(
                    en: "Stock age is not installed here: scripts/setup installs it.",
                    es: "Aquí no está instalado age: scripts/setup lo instala."
                )
            )
            return
        }
        stage.tell(
            Text(
                en: "The rest needs nothing of ours: stock age and tar open her evidence.",
                es: "Lo demás no necesita nada nuestro: age y tar abren su evidencia."
            )
        )
        try stage.typeOther("age --version")
        try stage.typeOther(
            "mkdir opened && age -d -i recovered/case.plugin.key ana/objects/*/*"
                + " | tar -x -C opened"
        )
        try stage.typeOther("cat opened/original/evidence/notes.txt")
        try stage.typeOther("diff -r evidence opened/original/evidence && echo identical")
    }
}
