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

    /// Hands several statements in, all of them or none: what would be refused for good is found
    /// before the first one leaves.
    ///
    /// - Returns: What became of each.
    func submitAll(_ envelopes: [Envelope]) throws -> [Place] {
        let isOperator = try home.hasLog()
        // Where there is no place for one, there is none for any.
        guard isOperator || exchange != nil else {
            return try envelopes.map { try submit($0, output: nil) }
        }
        let state = try state()
        let batch = RegistryBatch(
            state: isOperator ? state : state.reaching(context.now),
            opening: isOperator ? try opening(state) : nil,
            pending: envelopes,
            seals: seals
        )
        let curable: Set<Refusal> = isOperator ? [.noQuorum, .notSigned] : Self.curable
        if let refusal = batch.refused.first(where: { !curable.contains($0.reason) }) {
            throw RegistryFailure.refused(refusal.reason)
        }
        var places: [Int: Place] = [:]
        if isOperator, !batch.accepted.isEmpty {
            let first = try append(batch.entries) - UInt64(batch.accepted.count)
            for (offset, place) in batch.accepted.enumerated() {
                places[place] = .appended(index: first + UInt64(offset))
            }
        }
        for place in envelopes.indices where places[place] == nil {
            let reason = batch.refused.first { $0.place == place }?.reason
            places[place] = .waiting(path: try leaveHere(envelopes[place]), reason: reason)
        }
        return envelopes.indices.compactMap { places[$0] }
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
        let request = RegistryRequest([envelope])
        try OutputFile.write(request.bytes, to: output, force: false)
        return .written(path: output)
    }
}
