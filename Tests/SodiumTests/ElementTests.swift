// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Testing

@Suite struct ElementTests {
    @Test func sumsOfTheGeneratorAgreeWithProducts() throws {
        var sum = Element.identity
        for count in 0...16 as ClosedRange<UInt64> {
            #expect(sum == Element.base(times: Scalar(count)))
            #expect(sum == Scalar(count) * Element.generator)
            sum = sum + Element.generator
        }
    }
}
