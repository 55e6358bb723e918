// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Outside
import Sodium

/// The options of everything that asks servers.
struct RouteOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "Go through this proxy, which resolves names: socks5h://127.0.0.1:9050.",
                es: "Pasar por este proxy, que resuelve los nombres: socks5h://127.0.0.1:9050."
            ).local,
            valueName: "url"
        )
    )
    var proxy: String?

    @Option(
        help: Text(
            en: "PEM file with the certificates to trust, instead of the system's.",
            es: "Archivo PEM con los certificados en que confiar, en vez de los del sistema."
        ).help,
        completion: .file()
    )
    var certificates: String?

    /// The same way under a name of its own, which Tor answers with a circuit of its own: what goes
    /// this way has nothing in common with what went before.
    func isolated() -> RouteOptions {
        var route = self
        let scheme = "socks5h://"
        if let proxy, proxy.hasPrefix(scheme), !proxy.contains("@") {
            let name = Hex.encode(randomBytes(8))
            route.proxy = "\(scheme)\(name):\(name)@\(proxy.dropFirst(scheme.count))"
        }
        return route
    }

    /// The client that goes this way.
    func client(_ file: ServerFile = ServerFile()) throws -> HTTPClient {
        HTTPClient(route: try way(file))
    }

    /// How servers are reached.
    func way(_ file: ServerFile = ServerFile()) throws -> HTTPClient.Route {
        let proxy = proxy ?? file["proxy"]
        // A proxy that leaves names to us would tell the local resolver who is asked for.
        guard proxy?.hasPrefix("socks5h://") ?? true else {
            throw Failure(
                .usage,
                Text(
                    en: "the proxy has to resolve names itself",
                    es: "el proxy debe resolver los nombres por sí mismo"
                ),
                hint: Text(
                    en: "write socks5h://HOST:PORT",
                    es: "escriba socks5h://HOST:PUERTO"
                )
            )
        }
        return .init(proxy: proxy, certificates: certificates ?? file["certificates"])
    }
}
