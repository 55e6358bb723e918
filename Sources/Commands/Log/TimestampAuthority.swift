// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Outside

/// A time-stamping authority, and how it is asked.
///
/// An address is asked by `curl`, which is kept by others and knows proxies; anything else is a
/// command of the shell that reads a query and writes a response.
struct TimestampAuthority {
    /// The longest that an answer may take, in seconds.
    static let secondsMax = 60
    private static let schemes = ["http://", "https://"]

    /// The address or command.
    private let text: String
    private let isAddress: Bool
    /// For `curl`: `socks5h://127.0.0.1:9050` is Tor.
    private let proxy: String?
    private let secondsMax: Int

    /// An authority.
    ///
    /// - Throws: `.usage` for an address that is neither http nor https.
    init(_ text: String, proxy: String?, secondsMax: Int) throws {
        let lowercase = text.lowercased()
        isAddress = Self.schemes.contains(where: lowercase.hasPrefix)
        let scheme = lowercase.prefix { $0.isASCII && $0.isLetter }
        let isOther = !isAddress && lowercase.dropFirst(scheme.count).hasPrefix("://")
        let hasControls = text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
        guard !text.isEmpty, !isOther, !(isAddress && hasControls) else {
            throw Failure(
                .usage,
                Text(
                    en: "--tsa is an http or https address, or a command",
                    es: "--tsa es una dirección http o https, o una orden"
                )
            )
        }
        self.text = text
        self.proxy = proxy
        self.secondsMax = secondsMax
    }

    /// Asks, and returns whatever was answered.
    ///
    /// - Throws: `.cannotReachServer`, `.failed`.
    func answer(to query: [UInt8]) throws -> [UInt8] {
        let environment = ProcessInfo.processInfo.environment
        let program: String
        let arguments: [String]
        if isAddress {
            guard let curl = ChildProcess.find("curl", in: environment["PATH"] ?? "") else {
                throw Failure(
                    .failed,
                    Text(en: "the program curl is not installed", es: "falta el programa curl")
                )
            }
            program = curl
            arguments = curlArguments
        } else {
            (program, arguments) = ("/bin/sh", ["-c", text])
        }
        do {
            let result = try ChildProcess.run(
                program,
                arguments,
                in: FileManager.default.currentDirectoryPath,
                environment: environment,
                input: query,
                keepsErrors: false,
                secondsMax: secondsMax
            )
            guard result.status == 0 else { throw isAddress ? unreachable : commandFailed }
            return result.output
        } catch is ChildProcess.LaunchError {
            throw isAddress ? unreachable : commandFailed
        }
    }

    private var curlArguments: [String] {
        var arguments = [
            "--silent", "--fail", "--proto", "=http,https", "--max-time", "\(secondsMax)",
            "--max-filesize", "\(ChildProcess.outputByteCountMax)",
            "--header", "Content-Type: application/timestamp-query",
            "--header", "Accept: application/timestamp-reply", "--data-binary", "@-",
        ]
        if let proxy { arguments += ["--proxy", proxy] }
        return arguments + ["--url", text]
    }

    private var unreachable: Failure {
        Failure(
            .cannotReachServer,
            Text(
                en: "the time-stamping authority did not answer",
                es: "la autoridad de sellado de tiempo no respondió"
            ),
            hint: Text(
                en: "check the address and your connection; nothing was lost",
                es: "revise la dirección y su conexión; no se perdió nada"
            )
        )
    }

    private var commandFailed: Failure {
        Failure(
            .failed,
            Text(
                en: "the command of --tsa failed or took too long",
                es: "la orden de --tsa falló o tardó demasiado"
            )
        )
    }
}
