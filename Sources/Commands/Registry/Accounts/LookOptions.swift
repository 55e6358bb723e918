// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fetchers
import Outside
import SnapshotFormat

/// Options of commands that look at accounts on their platforms.
struct LookOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "Ask this server for DNS records (RFC 8484).",
                es: "Pedir a este servidor los registros DNS (RFC 8484)."
            ).local,
            valueName: "url"
        )
    )
    var resolver: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Ask this relay of nostr (several times for several).",
                es: "Preguntar a este relé de nostr (varias veces para varios)."
            ).local,
            valueName: "url"
        )
    )
    var relay: [String] = []

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Where documents of did:plc are.",
                es: "Dónde están los documentos de did:plc."
            ).local,
            valueName: "url"
        )
    )
    var plc = "https://plc.directory"

    /// The network that is looked at through.
    func network(_ route: RouteOptions) throws -> FetchNetwork {
        do {
            return FetchNetwork(
                route: try route.way(),
                resolver: try resolver.map { try WebAddress($0) },
                relays: try relay.map { try WebAddress($0, scheme: "wss").secure },
                directory: try WebAddress(plc)
            )
        } catch let failure as LookFailure {
            throw Failure(.usage, failure.meaning)
        }
    }
}

/// Looks at one account.
enum AccountLook {
    /// The fetcher of a platform.
    ///
    /// - Throws: `.notAllowed` where there is none.
    static func fetcher(of platform: String) throws -> any AccountFetcher.Type {
        if let fetcher = AccountFetchers.fetcher(of: platform) { return fetcher }
        let known = AccountFetchers.all.map { $0.platform }.sorted().joined(separator: ", ")
        throw Failure(
            .notAllowed,
            Text(
                en: "accounts of “\(platform)” have to be looked at by people",
                es: "las cuentas de «\(platform)» las debe mirar una persona"
            ),
            hint: Text(
                en: "programs look at: \(known)",
                es: "los programas miran: \(known)"
            )
        )
    }

    /// What is there now, or why nothing is.
    static func look(
        at account: PlatformAccount,
        _ network: FetchNetwork
    ) throws -> Result<AccountView, LookFailure> {
        let fetcher = try fetcher(of: account.platform)
        do throws(LookFailure) {
            return .success(try fetcher.view(account.stableID, network))
        } catch {
            return .failure(error)
        }
    }
}

extension LookFailure: DescribedFailure {
    /// Why, in a person's words.
    var meaning: Text {
        switch self {
        case .wrongAddress:
            Text(
                en: "this is no public https address, or no id of that platform",
                es: "no es una dirección https pública, o no es un id de esa plataforma"
            )
        case .unreachable: Text(en: "nothing answers there", es: "ahí nada responde")
        case .timedOut: Text(en: "the answer took too long", es: "la respuesta tardó demasiado")
        case .notTrusted:
            Text(en: "the certificate is not to be trusted", es: "el certificado no es confiable")
        case .tooLong: Text(en: "the answer is too long", es: "la respuesta es demasiado larga")
        case .refused:
            Text(
                en: "the server refuses, or leads elsewhere",
                es: "el servidor se niega, o lleva a otro lugar"
            )
        case .notFound: Text(en: "it is not there", es: "no está ahí")
        case .malformed:
            Text(
                en: "the answer is not in the platform's format",
                es: "la respuesta no tiene el formato de la plataforma"
            )
        case .otherAccount:
            Text(
                en: "what answers is another account, or it has moved",
                es: "responde otra cuenta, o esta se ha mudado"
            )
        case .forged:
            Text(en: "a signature there is forged", es: "ahí hay una firma falsificada")
        case .noService:
            Text(
                en: "this needs --resolver or --relay",
                es: "para esto hace falta --resolver o --relay"
            )
        }
    }

    var failure: Failure {
        switch self {
        case .unreachable, .timedOut, .notTrusted: Failure(.cannotReachServer, meaning)
        case .wrongAddress, .noService: Failure(.usage, meaning)
        default: Failure(.doesNotVerify, meaning)
        }
    }
}
