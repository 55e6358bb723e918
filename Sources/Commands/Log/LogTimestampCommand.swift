// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Storage
import TimeStamping
import TransparencyLog
import Vault

/// `resguardo log timestamp`: asks an authority to confirm that the log was there now.
struct LogTimestampCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "timestamp",
        abstract: Text(
            en: "Have an outside authority confirm the time of all deposits so far.",
            es: "Que una autoridad externa confirme la hora de todos los depósitos hasta ahora."
        ).local,
        discussion: Text(
            en: """
                Sends a digest of the log's newest checkpoint to a time-stamping authority (RFC \
                3161) and keeps its answer. Nothing else is sent; but the authority sees the \
                network address that asks, so use --proxy with Tor where that matters. Later \
                deposits bind the answer: so they are proven to be later. A COMMAND reads the \
                query and writes the response.
                """,
            es: """
                Envía un resumen del punto de control más nuevo del registro a una autoridad de \
                sellado de tiempo (RFC 3161; las constancias de la NOM-151 son esto) y guarda su \
                respuesta. No se envía nada más; pero la autoridad ve la dirección de red que \
                pregunta: use --proxy con Tor donde eso importe. Los depósitos siguientes quedan \
                ligados a la respuesta: así consta que son posteriores. Una orden lee la consulta \
                y escribe la respuesta.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Address of the authority, or a command that asks it.",
                es: "Dirección de la autoridad, o una orden que le pregunte."
            ).local,
            valueName: Text(en: "url|command", es: "url|orden").local
        )
    )
    var tsa: String

    @OptionGroup var roots: TimestampRootsOptions

    @Option(
        help: Text(
            en: "The authority's policy that the answer has to name, as dotted numbers.",
            es: "La política de la autoridad que debe nombrar la respuesta, en números con puntos."
        ).help
    )
    var policy: String?

    @Option(
        help: Text(
            en: "Ask through this proxy: socks5h://127.0.0.1:9050 is Tor.",
            es: "Preguntar por este proxy: socks5h://127.0.0.1:9050 es Tor."
        ).help
    )
    var proxy: String?

    @Option(
        help: Text(
            en: "Seconds to wait for the answer, 1 to 600.",
            es: "Segundos que esperar la respuesta, de 1 a 600."
        ).help
    )
    var timeout = TimestampAuthority.secondsMax

    func run(in context: Context) throws -> Outcome {
        guard (1...600).contains(timeout) else {
            throw Failure(
                .usage,
                Text(en: "--timeout is 1 to 600", es: "--timeout va de 1 a 600")
            )
        }
        let authority = try TimestampAuthority(tsa, proxy: proxy, secondsMax: timeout)
        let given = try roots.read()
        let store = try context.openStore()
        let checkpoint = try store.currentCheckpoint()
        let query = TimestampQuery(
            digest: checkpoint.digest,
            random: randomBytes(TimestampQuery.nonceCount)
        )
        let response = try TimestampResponse(authority.answer(to: query.bytes))
        let facts = try response.verify(
            digest: query.digest,
            nonce: query.nonce,
            roots: given
        )
        guard policy == nil || policy == facts.policy else {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "the answer is given under another policy: \(facts.policy)",
                    es: "la respuesta se dio bajo otra política: \(facts.policy)"
                )
            )
        }
        try store.keep(
            KeptCheckpoint.Token(response: response, roots: given ?? response.certificates),
            over: checkpoint
        )
        return outcome(facts, checkpoint, isTrusted: given != nil)
    }

    private func outcome(
        _ facts: TimestampResponse.Facts,
        _ checkpoint: KeptCheckpoint,
        isTrusted: Bool
    ) -> Outcome {
        let time = Timestamp(seconds: facts.latest).rfc3339
        let count = checkpoint.checkpoint.size
        let (authority, policy) = (Console.printable(facts.authority), facts.policy)
        var lines = [
            Text(
                en: "Confirmed: the log, with \(count) deposit(s), was there at \(time).",
                es: "Confirmado: el registro, con \(count) depósito(s), existía a las \(time)."
            ).local,
            Text(
                en: "authority: \(authority) (policy \(policy))",
                es: "autoridad: \(authority) (política \(policy))"
            ).local,
        ]
        if !isTrusted {
            lines.append(
                Text(
                    en: "Nobody vouches for this authority yet: give its root certificate with"
                        + " --tsa-roots FILE.",
                    es: "Nadie responde aún por esta autoridad: indique su certificado raíz con"
                        + " --tsa-roots ARCHIVO."
                ).local
            )
        }
        return Outcome(
            json: [
                "time": .string(time), "earliest": .integer(facts.earliest),
                "latest": .integer(facts.latest), "authority": .string(facts.authority),
                "policy": .string(facts.policy), "serial": .string(facts.serial),
                "entries": .integer(Int64(clamping: count)),
                "checkpoint": .string(Hex.encode(checkpoint.digest)),
                "trusted": .boolean(isTrusted),
            ],
            lines: lines
        )
    }
}

/// The root certificates of time-stamping authorities that a person trusts.
struct TimestampRootsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "Root certificates of the time-stamping authorities you trust (PEM).",
                es: "Certificados raíz de las autoridades de sellado en que confía (PEM)."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var tsaRoots: String?

    /// The file; nil where none was named.
    ///
    /// - Throws: ``FileFailure``.
    func read() throws -> [UInt8]? {
        try tsaRoots.map {
            try Directory.contents(
                of: BytePath(RawArguments.bytes(of: $0)),
                countMax: TimestampResponse.rootsCountMax
            )
        }
    }
}
