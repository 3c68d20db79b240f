package dev.quern.text;

/**
 * The classes of all code points as Unicode 15.1 has them. Hosts know different versions of Unicode, and some versions
 * disagree about old characters too; words must be cut alike everywhere, and as they were when the vocabularies were
 * made. So the table is here.
 *
 * <p>It is written as runs of code points from U+0000 to U+10FFFF: a letter for the class, then how many code points
 * follow each other (no number: one). {@code A} capital (categories Lu and Lt), {@code a} small (Ll), {@code l} other
 * letter (Lm and Lo), {@code n} number (N), {@code m} mark (M), {@code p} punctuation (P), {@code y} symbol (S),
 * {@code s} white space (the property {@code White_Space}, whatever the category), {@code o} the rest (C and other Z).
 * A test holds it against the JDK's own data.
 */
final class UnicodeTable {
    /** The letters of the classes; a class's place here is its bit in {@link CharacterClass}. */
    static final String LETTERS = "Aalnmpyso";

    /** The runs. */
    static final String RUNS = """
            o9s5o18sp3yp6yp4n10p2y3p2A26p3ypya26pypyo6so26spy5py2lpyoy4n2yap2ynlpn3pA23yA7a24ya8AaAaAaAaAaAaAaAaAaAaAaAaAaAa\
            AaAaAaAaAaAaAaAaAaAaAaAaAaAa2AaAaAaAaAaAaAaAa2AaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaA2aAaAa3A2aAaA2aA3a2\
            A4aA2aA3a3A2aA2aAaAaA2aAa2AaA2aA3aAaA2a2lAa3l4A2aA2aA2aAaAaAaAaAaAaAaAa2AaAaAaAaAaAaAaAaAa2A2aAaA3aAaAaAaAaAaAaA\
            aAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAa7A2aA2a2AaA4aAaAaAaAa69la27l18y4l12y14l5y7lyly17m112AaAalyAao2la3pA\
            o4y2ApA3oAoA2aA17oA9a35Aa2A3a3AaAaAaAaAaAaAaAaAaAaAaAa5AayAaA2a2A51a48AaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaym7AaAaA\
            aAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaA2aAaAaAaAaAaAa2AaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaA\
            aAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaoA38o2lp6a41p2o2y3om45pmpm2pm2pmo8l27o4l4p2o17y3p2yp2y2m11pop3\
            l43m21n10p4l2ml99plm7oym6l2m2ym4l2n10l3y2lp14o2lml30m27o2l89m11lo14n10l33m9l2yp3lo2my2l22m4lm9lm3lm5o2p15ol25m3\
            o2pol11o5l24yl6o9m8l42m24om33l54m3lm18lm7l10m2p2n10pl16m3ol8o2l2o2l22ol7olo3l4o2mlm7o2m2o2m3lo8mo4l2ol3m2o2n10l2\
            y2n6y2lpmo2m3ol6o4l2o2l22ol7ol2ol2ol2o2mom5o4m2o2m3o3mo7l4olo7n10m2l3mpo10m3ol9ol3ol22ol7ol2ol5o2mlm8om3om3o2l\
            o15l2m2o2n10pyo7lm6om3ol8o2l2o2l22ol7ol2ol5o2mlm7o2m2o2m3o7m3o4l2ol3m2o2n10yln6o10mlol6o3l3ol4o3l2olol2o3l2o3l3\
            o3l12o4m5o3m3om4o2lo6mo14n13y8o5m5l8ol3ol23ol16o2mlm7om3om4o7m2ol3o2lo2l2m2o2n10o7pn7ylm3pl8ol3ol23ol10ol5o2mlm7\
            om3om4o7m2o6l2ol2m2o2n10ol2mo12m4l9ol3ol41m2lm7om3om4lyo4l3mn7l3m2o2n19yl6om3ol18o3l24ol9olo2l7o3mo4m6omom8o6n10\
            o2m2po12l48ml2m7o4yl7m8pn10p2o37l2olol5ol24olol10ml2m9lo2l5olom7on10o2l4o32ly3p15ypy3m2y6n20ymymymp4m2l8ol36o4\
            m20pm2l5m11om36oy8my6oy2p5y4p2o37l43m20ln10p6l6m4l4m3lm3l2m7l3m4l13m12lmn10m4y2A38oAo5Ao2a43pla3l329ol4o2l7olol4\
            o2l41ol4o2l33ol4o2l7olol4o2l15ol57ol4o2l67o2m3p9n20o3l16y10o6A86o2a6o2pl620ypl17sl26p2o3l75p3n3l8o7l18m4o9l19m3\
            p2o9l18m2o12l13ol3om2o12l52m32p3lp3ylmo2n10o6n10o6p11m3omn10o6l89o7l5m2l34mlo5l70o10l31om12o4m12o4yo3p2n10l30o2\
            l5o11l44o4l26o6n11o3y34l23m5o2p2l53m10om29o2mn10o6n10o6p7lp6o2m31o49m5l47m17l8o3n10p7y10m9y9p2om3l30m13l2n10l44\
            m14o8p4l36m20o3p5n10o3l3n10l36p2a9o7A43o2A3p8o8m3pm21l4ml6ml2m3lo5a44l63a13la34l37m64AaAaAaAaAaAaAaAaAaAaAaAaAaA\
            aAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaA\
            aAaAaAaAaAa9AaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAa9\
            A8a6o2A6o2a8A8a8A8a6o2A6o2a8oAoAoAoAa8A8a14o2a8A8a8A8a8A8a5oa2A5yay3a3oa2A5y3a4o2a2A4oy3a8A5y3o2a3oa2A5y2os11o5\
            p24s2o5sp20yp13yp12so16nlo2n6y3p2ln10y3p2ol13o3y33o15m33o15y2Ay4Ay2aA3a2A3ayAy3A5y6AyAyAyA4yaA4al4ay2a2A2y5Aa4y4\
            ayn51Aan5y2o4y376p4y29p2y252o25y11o21n60y78n22y616p14n30y49p2y31p10y403p22y63p4y32p2y374o2y32oy105A48a48AaA3a2Aa\
            AaAaA4aAa2Aa6l2A3aAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAa\
            AaAa2y6AaAam3Aao5p4np2a38oao5ao2l56o7lpo14ml23o9l7ol7ol7ol7ol7ol7ol7ol7om32p47lp32y2p12o34y26oy89o12y214o26y16s\
            p3yl2np10y2p12yn9m6pl5y2n3l2py2ol86o2m2y2l3pl90pl4o5l43ol94oy2n4y10l32y36o11yl16y31on10y30n8yn15y32n10y39n15y320\
            l6592y64l22157o3y55o9l46p2l269p3l16n10l2o20AaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAalm4pm10plAaAaAaAaAaAaAa\
            AaAaAaAaAaAaAal2m2l70n10m2p6o8y23l9y2AaAaAaAaAaAaAa3AaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAa\
            Aala8AaAaA2aAaAaAaAaly2AaAalAaAa3AaAaAaAaAaAaAaAaAaAaA5aA5aAaAaAaAaAaAaAaA4aAao5AaoaoaAaAao24l3Aal3al7ml3ml4ml23\
            m5y4mo3n6y4o6l52p4o8m2l50m18o8p2n10o6m18l6p3lpl2mn10l28m8p2l23m13o11pl29o3m4l47m14p13oln10o4p2l5ml10n10l5ol41m14\
            o9l3ml8m2o2n10o2p4l23y3lm3l50mlm3l2m2l5m2lmlo24l3p2l11m5p2l3m2o10l6o2l6o2l6o9l7ol7oa43yl4a9ly2o4a80l35m8pm2o2n10\
            o6l11172o12l23o4l49o8452l366o2l106o38a7o12a5o5lml10yl13ol5olol2ol2ol108y17o16l363p2y16l64o2l54o7yo32l12y4m16p10\
            o6m16p35op14ypy3opyp2o4l5ol135o4p3yp6yp4n10p2y3p2A26p3ypya26pypyp7l89o3l6o2l6o2l6o2l3o3y7oy7o13y2o2l12ol26ol19o\
            l2ol15o2l14o34l123o5p3o4n45o3y9n57y17n2y3oy13o3yo47y45mo130l29o3l49o15mn27o4l32n4o9l20nl8no5l38m5o5l30opl36o4l8p\
            n5o42A40a40l78o2n10o6A36o4a36o4l40o8l52o11pA11oA15oA7oA2oa11oa15oa7oa2o67l311o9l22o10l8o24l6ol42ol9o69l6o2lol44o\
            l2o3lo2l23opn8l23y2n7l31o8n9o48l19ol2o5n5l22n6o3pl26o5po64l56o4n2l2n16o2n46lm3om2o5m4l4ol3ol29o2m3o4mn9o7p9o7l29\
            n2pl29n3o32l8yl28m2o4n5p7o9l54o3p7l22o2n8l19o5n8l18o7p4o12n7o80l73o55A51o13a51o7n6l36m4o8n10o294n31ol42om2po2l2\
            o75m3l29n10lo8l22m11n4p5o22l18m4p4o38l21n7o20l23o9m3l53m15p7o4n30ml2m2lo9m4l45m11p2op4mo13l25o7n10o6m3l36m14on10\
            p4lm2lo8l35mp2lo9m3l48m14l4p4m4pm2n10lplp3on20o11l18ol25m12p6ml2mo62l7olol4ol15ol10po6l47m12o5n10o6m4ol8o2l2o2\
            l22ol7ol2ol5om2lm7o2m2o2m3o2lo6mo5l5m2o2m7o3m5o139l53m18l4p5n10p2opml3o30l48m20l2plo8n10o166l47m7o2m9p23l4m2o34\
            l48m17p3lo11n10o6p13o19l43m13lpo6n10o54l27o2m15o4n12p3yl7o185l44m15po100A32a32n19o12l8o2lo2l8ol2ol24m6om2o2m4lml\
            m2p3o9n10o70l8o2l39m7o2m7lplmo27lm10l40m7lm4p8mo8lm11l46m16p3lp5o13l73o7p10o246l9ol37m8om8lp5o10n29o3p2l30o2m22o\
            m14o73l7ol2ol38m6o3mom2om7lmo8n10o6l6ol2ol32m5om2om5lo7n10o310l19m4p2o7m2lml13ol34m7o3m5p13n10o86lo15n21y29o13p\
            l922o102n111op5o11l196o2636l97p2o13l1072o16ml6m15o4010l583o8633l569o7l31on10o4p2l79on10o6l30o2m5po10l48m7p5y4l4p\
            yo10n10on7ol21o5l19o688A32a32n23p4o101l75o4mlm55o7m4l13o64l2plmo11m2o14l6136o8l1238o42l9o8935l4ol7ol2ol291o15l\
            o29l3o2lo14l4o8l396o2308l107o5l13o3l9o7l10o2ym2po4704m46o2m23o9y116o60y246o10y39o2y60m5y3m6o8m8y2m7y30m4y61o21\
            y66m3yo122n20o12n20o12y87o9n25o135A26a26A26a7oa18A26a26AoA2o2Ao2A2o2A4oA8a4oaoa7oa11A26a26A2oA4o2A8oA7oa26A2oA4o\
            A5oAo3A7oa26A26a26A26a26A26a26A26a26A26a26A26a28o2A25ya25ya6A25ya25ya6A25ya25ya6A25ya25ya6A25ya25ya6Aao2n50y512\
            m55y4m50y8my14my2p5o15m5om15o1104a10la20o6a6o213m7om17o2m7om2om5o5l62o33mo112l45o3m7l7o2n10o4lyo320l30mo17l44m4\
            n10o5yo464l28m4n10o742l7ol4ol2ol15ol197o2n9m7o41A34a34m7lo4n10o4p2o785n59yn3yn4o76n45yn15o194l4ol27ol2olo2lol10o\
            l4ololo6lo4lololol3ol2olo2lololololol2olo2l4ol7ol4ol4olol10ol17o5l3ol5ol17o52y2o270y44o4y100o12y15o2y15oy15oy37\
            o10n13y161o56y29o13y44o4y9o7y2o14y6o154y984o4y17o3y13o3y119o4y95o6y12o4yo15y12o4y56o8y10o6y40o8y30o2y2o78y340o12\
            y14o2y13o3y9o7y46oy7o8y14o4y9o7y9o7y147oy55o37n10o1030l42720o32l4154o6l222o2l5762o14l7473o15l622o2466l542o1506\
            l4939o5l4192o712016m240o196112""";

    private UnicodeTable() {}
}
