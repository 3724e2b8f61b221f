/// The printer profiles that `tills[].code_pages` may name: `epson`, or one code page for a printer that never changes
/// it. The tables themselves are in Receipts (`CodePageProfile.names`); a test holds the two lists together.
enum CodePageNames {
    static let all =
        """
        epson big5 cp1125 cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 \
        cp865 cp866 cp869 cp874 euc-kr gb18030 iso-8859-1 iso-8859-15 iso-8859-2 iso-8859-7 katakana \
        shift_jis tis-620 utf-8 windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 \
        windows-1255 windows-1256 windows-1257 windows-1258
        """.split(separator: " ").map(String.init)
}
