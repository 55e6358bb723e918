// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Glibc
import Server
import Storage

/// The options of everything that serves.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "Where to listen: HOST:PORT, or unix:PATH.",
                es: "Dónde escuchar: HOST:PUERTO, o unix:RUTA."
            ).local,
            valueName: Text(en: "address", es: "dirección").local
        )
    )
    var listen: String?

    @Option(
        help: Text(
            en: "PEM file with the TLS certificate and its chain (without: plain HTTP).",
            es: "Archivo PEM con el certificado TLS y su cadena (sin él: HTTP sin cifrar)."
        ).help,
        completion: .file()
    )
    var tlsCertificate: String?

    @Option(
        help: Text(
            en: "PEM file with the certificate's private key.",
            es: "Archivo PEM con la clave privada del certificado."
        ).help,
        completion: .file()
    )
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "File with these options, one a line without dashes; options given here win.",
                es: "Archivo con estas opciones, una por línea y sin guiones; ganan las de aquí."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var config: String?

    /// The file of `--config`; an empty one without.
    func file(allowing names: Set<String>) throws -> ServerFile {
        guard let config else { return ServerFile() }
        let bytes = try LocalFileSystem().read(config, countMax: ServerFile.countMax)
        let common: Set<String> = ["listen", "tls-certificate", "tls-key"]
        return try ServerFile(parsing: bytes, allowing: names.union(common))
    }

    /// How to serve.
    ///
    /// - Parameters:
    ///   - file: What `file(allowing:)` gave.
    ///   - fallback: Where to listen when nothing says.
    /// - Returns: The settings.
    /// - Throws: `.usage`, for plain HTTP that others could read above all.
    func settings(_ file: ServerFile, fallback: String) throws -> HTTPServer.Settings {
        let text = listen ?? file["listen"] ?? fallback
        guard let address = ListenAddress(parsing: text) else {
            throw Failure(
                .usage,
                Text(
                    en: "this is no address to listen on: \(text)",
                    es: "no es una dirección donde escuchar: \(text)"
                ),
                hint: Text(
                    en: "write 127.0.0.1:8460, [::1]:8460 or unix:/run/resguardo/socket",
                    es: "escriba 127.0.0.1:8460, [::1]:8460 o unix:/run/resguardo/socket"
                )
            )
        }
        var settings = HTTPServer.Settings(address: address)
        switch (tlsCertificate ?? file["tls-certificate"], tlsKey ?? file["tls-key"]) {
        case (let chain?, let key?): settings.certificate = (chain, key)
        case (nil, nil):
            guard address.isLocal else {
                throw Failure(
                    .usage,
                    Text(
                        en: "plain HTTP only to this machine itself: others could read along",
                        es: "HTTP sin cifrar solo dentro de esta máquina: otros podrían leerlo"
                    ),
                    hint: Text(
                        en: "give --tls-certificate and --tls-key, or listen on 127.0.0.1 or"
                            + " unix:PATH behind a proxy or an onion service",
                        es: "indique --tls-certificate y --tls-key, o escuche en 127.0.0.1 o"
                            + " unix:RUTA detrás de un proxy o servicio cebolla"
                    )
                )
            }
        default:
            throw Failure(
                .usage,
                Text(
                    en: "a certificate needs its key, and a key its certificate",
                    es: "un certificado necesita su clave, y una clave su certificado"
                )
            )
        }
        return settings
    }
}

/// A configuration file: `name value` lines, comments after `#` at the start of a line.
struct ServerFile {
    /// Longest file, in bytes.
    static let countMax = 1 << 16

    private var values: [String: [String]] = [:]

    /// A file without lines.
    init() {}

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - names: Names of lines that may occur.
    /// - Throws: `.usage` with the line.
    init(parsing bytes: [UInt8], allowing names: Set<String>) throws {
        let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let words = String(decoding: line, as: UTF8.self)
                .split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
            guard let name = words.first, !name.hasPrefix("#") else { continue }
            guard words.count == 2, names.contains(String(name)) else {
                throw Failure(
                    .usage,
                    Text(
                        en: "line \(index + 1) of the configuration is not understood",
                        es: "no se entiende la línea \(index + 1) de la configuración"
                    )
                )
            }
            let value = words[1].reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }
            values[String(name), default: []].append(String(value.reversed()))
        }
    }

    /// The last value of a name.
    subscript(_ name: String) -> String? { values[name]?.last }

    /// All values of a name.
    func all(_ name: String) -> [String] { values[name] ?? [] }
}

extension ServerError: DescribedFailure {
    package var failure: Failure {
        switch self {
        case .cannotListen:
            Failure(
                .failed,
                Text(
                    en: "the address cannot be listened on: in use, or not permitted",
                    es: "no se puede escuchar en la dirección: está en uso o no se permite"
                )
            )
        case .certificate:
            Failure(
                .failed,
                Text(
                    en: "the TLS certificate or its key cannot be used",
                    es: "no se puede usar el certificado TLS o su clave"
                )
            )
        }
    }
}

extension ServerLog {
    /// The log of this process: JSON lines on standard error.
    static func standardError() -> ServerLog {
        ServerLog(
            clock: { Int64(time(nil)) },
            date: { String(Timestamp(seconds: $0).rfc3339.prefix(10)) },
            write: { Terminal.write($0 + "\n", to: .error) }
        )
    }
}

extension HTTPServer {
    /// Serves until asked to end.
    ///
    /// - Throws: `.failed` when the server cannot listen.
    static func serve(
        _ doors: [Door],
        services: [any NodeService] = [],
        log: ServerLog,
        context: Context
    ) throws -> Outcome {
        let console = context.console
        let server = HTTPServer(
            doors: doors,
            services: services,
            log: log,
            onListening: { console.line("listening on \($0)") }
        )
        try server.run()
        return Outcome(json: ["stopped": true], lines: [])
    }
}
