import CFaultyDisk
import Foundation

/// A disk in memory that SQLite writes to and a test breaks; see `CFaultyDisk`.
final class FaultyDisk {
    /// What a power cut leaves of the writes that were not synced.
    enum Loss: CaseIterable {
        case all
        case nothing
        case some
        case last

        fileprivate var code: faulty_disk_loss {
            switch self {
            case .all: faulty_disk_loses_all
            case .nothing: faulty_disk_keeps_all
            case .some: faulty_disk_keeps_some
            case .last: faulty_disk_keeps_first
            }
        }
    }

    enum Fault {
        case none
        /// The power goes.
        case death
        case inputOutputError
        case full

        fileprivate var code: faulty_disk_fault {
            switch self {
            case .none: faulty_disk_works
            case .death: faulty_disk_dies
            case .inputOutputError: faulty_disk_fails
            case .full: faulty_disk_is_full
            }
        }
    }

    /// What a disk does to a file on its own.
    enum Damage: CaseIterable {
        case bits
        case page
        case tail

        fileprivate var code: faulty_disk_damage_kind {
            switch self {
            case .bits: faulty_disk_flips_bits
            case .page: faulty_disk_zeroes_page
            case .tail: faulty_disk_tears_tail
            }
        }
    }

    struct CannotMake: Error {}

    /// Where the queue's files stand.
    let folder: String
    private let disk: OpaquePointer

    init(seed: UInt64) throws {
        let root = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
        folder = root + "footbridge-delivery-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard let disk = faulty_disk_create(folder, seed) else { throw CannotMake() }
        self.disk = disk
    }

    /// Everything that has a file of it open must be closed before.
    deinit {
        faulty_disk_destroy(disk)
        try? FileManager.default.removeItem(atPath: folder)
    }

    var path: String { folder + "/queue.sqlite" }
    /// Writes, syncs, truncations and deletions so far.
    var operations: UInt64 { faulty_disk_operations(disk) }
    var isDead: Bool { faulty_disk_is_dead(disk) }
    var bytes: Int64 { faulty_disk_bytes(disk, nil) }

    func bytes(of name: String) -> Int64 { faulty_disk_bytes(disk, name) }

    /// The operation after `after` others, and `count - 1` more, meet the fault.
    func plan(_ fault: Fault, after: Int, count: Int = 1) {
        faulty_disk_plan(disk, fault.code, UInt64(after), UInt64(count))
    }

    func setCapacity(_ bytes: Int64?) { faulty_disk_set_capacity(disk, bytes ?? .max) }
    func setReadOnly(_ isReadOnly: Bool) { faulty_disk_set_read_only(disk, isReadOnly) }
    /// Writes to the file of this name meet EIO, as on bad sectors; nil mends it.
    func refuse(_ name: String?) { faulty_disk_refuse(disk, name) }
    /// Syncs are confirmed and do nothing.
    func setLying(_ lies: Bool) { faulty_disk_set_lying(disk, lies) }
    /// - Returns: false when the file is missing or too small.
    func damage(_ name: String, by damage: Damage) -> Bool { faulty_disk_damage(disk, name, damage.code) }
    func powerOff() { faulty_disk_power_off(disk) }
    func powerOn(_ loss: Loss) { faulty_disk_power_on(disk, loss.code) }
    func backUp() { faulty_disk_backup(disk) }
    func restore() -> Bool { faulty_disk_restore(disk) }
}
