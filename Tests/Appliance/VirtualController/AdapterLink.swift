/// How the kernel comes to an adapter whose controller is this program.
protocol AdapterLink: AnyObject {
    /// Readable when the kernel has something for the controller; -1 while the adapter is pulled.
    var descriptor: Int32 { get }

    /// The next packet; nil when there is none now.
    func read(into buffer: inout [UInt8]) -> FromKernel?

    /// Gives the kernel one H4 event packet; false when it was lost.
    func write(_ packet: [UInt8]) -> Bool

    /// Plugs the adapter in, or pulls it.
    func plug(_ isIn: Bool) throws
}

enum FromKernel {
    /// The kernel has registered the adapter as `hciN`.
    case index(UInt16)
    /// The adapter's power came, or its bus was reset: firmware begins anew.
    case powered
    /// An H4 packet.
    case packet(ArraySlice<UInt8>)
}
