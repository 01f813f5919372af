//! Comments to and from editing systems: EDL, FCPXML, Premiere XML, Avid markers, OTIO, CSV.
