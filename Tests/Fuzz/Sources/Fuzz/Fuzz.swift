// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FuzzEntries
import Glibc

/// The entry that the environment names.
private let chosen: FuzzEntry = {
    let name = unsafe getenv("RESGUARDO_FUZZ").map { unsafe String(cString: $0) } ?? ""
    guard let entry = FuzzEntry.all.first(where: { $0.name == name }) else {
        let names = FuzzEntry.all.map(\.name).joined(separator: " ")
        print("fuzz: there is no parser “\(name)”; there are: \(names)")
        exit(2)
    }
    return entry
}()

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    _ = unsafe chosen.accepts(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
