/// The printer profiles that `tills[].code_pages` may name: a maker's, or one code page for a printer that never changes
/// it. The tables themselves are in Receipts (`CodePageProfile.names`); a test holds the two lists together.
enum CodePageNames {
    static let all =
        """
        bixolon citizen citizen-ct epson epson-china epson-japan epson-korea epson-taiwan fujitsu hp mpt sewoo \
        star star-china star-escpos star-japan xprinter youku zijiang zijiang-china big5 cp1125 cp437 cp720 \
        cp737 cp770 cp771 cp772 cp773 cp774 cp775 cp850 cp851 cp852 cp855 cp856 cp857 cp858 cp860 cp861 cp862 \
        cp863 cp864 cp865 cp866 cp869 cp874 euc-kr gb18030 iso-8859-1 iso-8859-10 iso-8859-13 iso-8859-14 \
        iso-8859-15 iso-8859-16 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 \
        iso-8859-9 jis katakana koi8-r koi8-u rk1048 shift_jis tcvn-3 tcvn-3-capitals tis-620 utf-8 \
        windows-1250 windows-1251 \
        windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258
        """.split(separator: " ").map(String.init)

    /// The names that are one page and no profile.
    static let pages = Array(all.drop { $0 != "big5" })
}
