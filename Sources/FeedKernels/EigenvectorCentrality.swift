// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Eigenvector centrality of accounts in the network of all their similarities.
///
/// It is the vector of the greatest eigenvalue, of length 1, in the component that has this
/// eigenvalue; accounts of other components have 0. The similarities are V Vᵀ − 1 for vectors V
/// of length 1, so that none of them is held. Sums run in a fixed order: the same bits with any
/// number of cores.
///
/// Spec: `docs/spec/similarity.md`, section 3.
package struct EigenvectorCentrality: Sendable {
    /// The values, in the order of the accounts.
    package let values: [Double]
    /// Whether each component's vector came to rest within ``stepCountMax`` steps.
    package let hasConverged: Bool

    /// The most steps of the power method, for each component.
    package static let stepCountMax = 20_000
    /// What is left of A v − λ v, compared with λ, where it rests.
    private static let tolerance = 1e-11
    /// Eigenvalues this near are equal, whatever their last digits.
    private static let margin = 1 + 1e-9
    private static let rangeCount = 8
    /// With fewer entries a core by itself is faster.
    private static let parallelCount = 1 << 14

    init(of vectors: CosineVectors, cores: Cores) {
        var values = [Double](repeating: 0, count: vectors.accounts.count)
        var best = 0.0
        var hasConverged = true
        for component in vectors.components() {
            // No eigenvalue is above the greatest sum of a row.
            let part = Part(vectors, component)
            let ones = [Double](repeating: 1, count: component.count)
            let bound = part.product(with: ones, .single).max() ?? 0
            guard bound > best * Self.margin else { continue }
            let own = part.entryCount < Self.parallelCount ? .single : cores
            let (vector, value, isAtRest) = Self.leading(part, own)
            if !isAtRest { hasConverged = false }
            guard value > best * Self.margin else { continue }
            best = value
            values = [Double](repeating: 0, count: values.count)
            for (place, account) in component.enumerated() { values[account] = vector[place] }
        }
        self.values = values
        self.hasConverged = hasConverged
    }

    /// The power method on A + λ/2, λ being what is known of the eigenvalue: the shift keeps
    /// networks of two sides (stars) from going to and fro.
    private static func leading(
        _ part: Part,
        _ cores: Cores
    ) -> (vector: [Double], value: Double, isAtRest: Bool) {
        let count = part.accountCount
        var vector = [Double](repeating: (1 / Double(count)).squareRoot(), count: count)
        var value = 0.0
        for _ in 0..<stepCountMax {
            let next = part.product(with: vector, cores)
            value = dot(vector, next)
            var rest = 0.0
            for place in 0..<count {
                let difference = next[place] - value * vector[place]
                rest += difference * difference
            }
            if rest.squareRoot() <= tolerance * value { return (vector, value, true) }
            for place in 0..<count { vector[place] = next[place] + value / 2 * vector[place] }
            let length = dot(vector, vector).squareRoot()
            for place in 0..<count { vector[place] /= length }
        }
        return (vector, value, false)
    }

    private static func dot(_ left: [Double], _ right: [Double]) -> Double {
        var sum = 0.0
        for place in left.indices { sum += left[place] * right[place] }
        return sum
    }

    /// The vectors of one component, with its accounts and things numbered anew.
    private struct Part: Sendable {
        private var starts: [Int] = [0]
        private var objects: [UInt32] = []
        private var values: [Double] = []
        private var sharerStarts: [Int]
        private var sharers: [UInt32]
        private var sharerValues: [Double]

        var accountCount: Int { starts.count - 1 }
        var entryCount: Int { objects.count }

        init(_ vectors: CosineVectors, _ accounts: [Int]) {
            var numbers: [UInt32: UInt32] = [:]
            for account in accounts {
                for entry in vectors.starts[account]..<vectors.starts[account + 1] {
                    let object = vectors.objects[entry]
                    let number = numbers[object] ?? UInt32(numbers.count)
                    numbers[object] = number
                    objects.append(number)
                    values.append(vectors.values[entry])
                }
                starts.append(objects.count)
            }
            sharerStarts = [Int](repeating: 0, count: numbers.count + 1)
            for object in objects { sharerStarts[Int(object) + 1] += 1 }
            for object in 0..<numbers.count { sharerStarts[object + 1] += sharerStarts[object] }
            sharers = [UInt32](repeating: 0, count: objects.count)
            sharerValues = [Double](repeating: 0, count: objects.count)
            var ends = sharerStarts
            for account in accounts.indices {
                for entry in starts[account]..<starts[account + 1] {
                    let object = Int(objects[entry])
                    sharers[ends[object]] = UInt32(account)
                    sharerValues[ends[object]] = values[entry]
                    ends[object] += 1
                }
            }
        }

        /// V Vᵀ x − x.
        func product(with vector: [Double], _ cores: Cores) -> [Double] {
            let given = Self.sums(sharerStarts, sharers, sharerValues, vector, cores)
            var product = Self.sums(starts, objects, values, given, cores)
            for place in product.indices { product[place] -= vector[place] }
            return product
        }

        private static func sums(
            _ starts: [Int],
            _ columns: [UInt32],
            _ values: [Double],
            _ vector: [Double],
            _ cores: Cores
        ) -> [Double] {
            let count = starts.count - 1
            let size = count / rangeCount + 1
            let parts = cores.map(rangeCount) { index in
                (min(index * size, count)..<min((index + 1) * size, count)).map { row in
                    var sum = 0.0
                    for entry in starts[row]..<starts[row + 1] {
                        sum += values[entry] * vector[Int(columns[entry])]
                    }
                    return sum
                }
            }
            return Array(parts.joined())
        }
    }
}

extension CosineVectors {
    /// Accounts that things in common join: places, ascending; most accounts first, of equal ones
    /// the one with the first account.
    func components() -> [[Int]] {
        var sets = DisjointSets(count: accounts.count)
        for object in 0..<(sharerStarts.count - 1) {
            let places = sharerStarts[object]..<sharerStarts[object + 1]
            for place in places.dropFirst() {
                sets.join(Int(sharers[places.lowerBound]), Int(sharers[place]))
            }
        }
        var members: [Int: [Int]] = [:]
        for account in accounts.indices { members[sets.root(account), default: []].append(account) }
        return members.values.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }
    }
}
