// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Statements

/// Signing with care, and elsewhere.
extension RegistryDesk {
    /// Says what a signature means, and asks whether to sign.
    func requireConsent(to statement: some Statement) throws {
        // The operator's word that a day has come binds nobody.
        guard let statement = statement as? any RegistryStatement, !(statement is BatchStatement)
        else { return }
        try RegistryConsent(statement: statement).require(context)
    }

    /// What waits for signatures, in the exchange directory and in this home.
    func waiting() throws -> [RegistryExchange.Pending] {
        if let exchange { try exchange.node?.fetch(into: exchange) }
        let directories = [exchange?.pending, home.path("pending")].compactMap { $0 }
        return try directories.flatMap { try RegistryExchange.waiting(in: $0) }
    }

    /// Writes what nobody here can sign to a file that is carried to who can.
    func writeRequest(_ envelope: Envelope, output: String?) throws -> Place {
        guard let output else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "only the public half of that key is here",
                    es: "aquí solo está la parte pública de esa llave"
                ),
                hint: Text(
                    en: "give --output FILE, and sign that with `registry offline sign` where the"
                        + " key is",
                    es: "indique --output ARCHIVO, y fírmelo con `registry offline sign` donde esté"
                        + " la llave"
                )
            )
        }
        let request = RegistryRequest(
            [envelope],
            links: try home.links().filter { link in
                link.commitment.bytes == envelope.provenAccount
            }
        )
        try OutputFile.write(request.bytes, to: output, force: false)
        return .written(path: output)
    }
}
