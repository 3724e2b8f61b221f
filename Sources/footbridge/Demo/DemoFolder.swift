import Foundation
import Glibc

/// Where the demonstration keeps its files. `gateway` is what the box in the store would have; the rest is the world around it.
struct DemoFolder {
    let path: String

    /// The box's own: configuration, certificate, state, logs. The search for strangers goes through all of it.
    var gateway: String { "\(path)/gateway" }
    var configuration: String { "\(gateway)/footbridge.yaml" }
    var state: String { "\(gateway)/state" }
    var queue: String { "\(state)/queue.sqlite" }
    var controlSocket: String { "\(state)/control.sock" }
    var log: String { "\(gateway)/footbridge.log" }
    var acceptedLog: String { "\(gateway)/accepted.log" }
    var hashKey: String { "\(gateway)/hash.key" }

    var platform: String { "\(path)/platform" }
    var platformStore: String { "sqlite:\(platform)/platform.sqlite" }
    var platformLog: String { "\(platform)/platform.log" }
    var feedKey: String { "\(platform)/feed.key" }
    var subjects: String { "\(platform)/subjects.ndjson" }

    var certificates: String { "\(path)/certificates" }
    var world: String { "\(path)/world" }
    var truth: String { "\(world)/truth.json" }
    /// What the gateway's folder looked like at the moment of the SIGKILL.
    var afterKill: String { "\(path)/after-kill" }

    func radio(_ name: String) -> String { "\(world)/\(name).h4" }
    func till(_ name: String) -> String { "\(world)/\(name).tty" }

    /// Makes the folder. One that holds something already is refused, unless an earlier demonstration made it.
    init(path given: String) throws {
        path = given.hasPrefix("/") ? given : FileManager.default.currentDirectoryPath + "/" + given
        let marker = "\(path)/.footbridge-demo"
        let files = FileManager.default
        // A unix socket's path has room for 107 bytes.
        guard path.utf8.count <= 80 else {
            throw DemoFailure("\(path): too long for the sockets in it; choose a shorter --out")
        }
        if files.fileExists(atPath: path) {
            let contents = (try? files.contentsOfDirectory(atPath: path)) ?? []
            guard contents.isEmpty || files.fileExists(atPath: marker) else {
                throw DemoFailure("\(path): holds other files; choose an empty or new folder with --out")
            }
            for name in contents { try files.removeItem(atPath: "\(path)/\(name)") }
        }
        for folder in [gateway, platform, certificates, world] {
            try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: gateway)
        try OutputFile.write("made by footbridge demo; emptied by the next one\n".utf8, to: marker)
    }
}
