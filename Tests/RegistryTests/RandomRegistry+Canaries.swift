// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import Statements

extension RandomRegistry {
    /// Mostly another chain, sometimes none any more, sometimes by who is not the source.
    mutating func promise(_ place: Int) throws {
        let source = sources[place]
        var promise: CanaryStatement.Promise?
        if !chance(5) {
            let chain = Chain("\(source.name)-\(source.chains + 1)", source.id)
            promise = .init(anchor: chain.words[0], everyDays: Int(random.next() % 6) + 1)
            sources[place].chains += 1
        }
        let statement = CanaryStatement(
            head: world.head,
            subject: source.id.bytes,
            promise: promise
        )
        try submit(statement, [chance(6) ? source.name : source.key])
    }

    /// The next word of a chain, or one further on, or one said before; sometimes days late.
    mutating func sayCanary(_ place: Int) throws {
        let source = sources[place]
        guard source.chains > 0 else { return try promise(place) }
        let last = world.state.subjects[source.id]?.canary?.lastWord
        let late = chance(3) ? Int64(random.next() % 35) * World.day : 0
        for number in 1...source.chains {
            let words = Chain("\(source.name)-\(number)", source.id).words
            guard let now = words.firstIndex(where: { $0 == last?.bytes }) else { continue }
            let next = chance(6) ? now - 1 : now + Int(random.next() % 4)
            guard words.indices.contains(next) else { return }
            let statement = AliveStatement(
                head: RegistryHead(
                    context: world.state.context,
                    dayOf: world.state.clock - late
                ),
                subject: source.id.bytes,
                word: words[next]
            )
            let signer = chance(2) ? source.key : verifiers.randomElement(using: &random)
            return try submit(statement, [chance(9) ? "nobody" : signer ?? source.key])
        }
    }
}

/// The words of a canary, the anchor first.
struct Chain {
    let words: [[UInt8]]

    init(_ name: String, _ subject: RegistryID, count: Int = 100) {
        var words = [SHA256.hash(Array("chain \(name)".utf8))]
        for _ in 0..<count {
            words.append(AliveStatement.word(before: words[words.count - 1], of: subject.bytes))
        }
        self.words = words.reversed()
    }
}
