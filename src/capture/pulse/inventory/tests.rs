use super::*;

/// Speakers (the default) and a headset, each with its monitor; a microphone where asked for; what plays.
fn scene(microphone: bool, inputs: Vec<SinkInputInfo>) -> Inventory {
    let sink = |index: u32, name: &str, description: &str| SinkInfo {
        index,
        name: CString::new(name).unwrap(),
        description: Some(CString::new(description).unwrap()),
        monitor_source_name: Some(CString::new(format!("{name}.monitor")).unwrap()),
        ..SinkInfo::default()
    };
    let sinks = vec![sink(1, "hw_speakers", "Speakers"), sink(2, "usb_headset", "Headset")];
    let monitor = |sink: &SinkInfo| SourceInfo {
        name: sink.monitor_source_name.clone().unwrap(),
        description: Some(c"Monitor of something".into()),
        monitor_of_sink_index: Some(sink.index),
        monitor_of_sink_name: Some(sink.name.clone()),
        ..SourceInfo::default()
    };
    let mut sources: Vec<_> = sinks.iter().map(monitor).collect();
    let mut server = ServerInfo { default_sink_name: Some(c"hw_speakers".into()), ..ServerInfo::default() };
    server.default_source_name = Some(c"hw_speakers.monitor".into());
    if microphone {
        let description = Some(c"Built-in Microphone".into());
        sources.push(SourceInfo { name: c"hw_mic".into(), description, ..SourceInfo::default() });
        server.default_source_name = Some(c"hw_mic".into());
    }
    Inventory { server, sources, sinks, sink_inputs: inputs }
}

fn playing(index: u32, sink: u32, application: &CStr, binary: &CStr, corked: bool) -> SinkInputInfo {
    let mut input = SinkInputInfo { index, sink_index: sink, corked, ..SinkInputInfo::default() };
    input.props.set(Prop::ApplicationName, application);
    input.props.set(Prop::ApplicationProcessBinary, binary);
    input
}

fn app(name: &str) -> DeviceChoice {
    DeviceChoice::App(name.into())
}

#[test]
fn by_default_the_microphone_and_the_default_outputs_monitor() {
    let scene = scene(true, vec![]);
    assert_eq!(scene.find_target(Track::Me, &DeviceChoice::Default, None).unwrap().id, "hw_mic");
    let them = scene.find_target(Track::Them, &DeviceChoice::Default, None).unwrap();
    assert_eq!((them.id.as_str(), them.name.as_str()), ("hw_speakers.monitor", "Speakers"));
}

#[test]
fn a_monitor_is_never_taken_for_the_microphone_unasked() {
    let scene = scene(false, vec![]);
    assert_eq!(scene.find_target(Track::Me, &DeviceChoice::Default, None), Err(CaptureError::NoMicrophone));
    let asked = DeviceChoice::Named("usb_headset.monitor".into());
    assert_eq!(scene.find_target(Track::Me, &asked, None).unwrap().id, "usb_headset.monitor");
}

#[test]
fn an_output_is_named_by_its_own_name() {
    let scene = scene(true, vec![]);
    for name in ["usb_headset", "usb_headset.monitor", "Headset", "heads"] {
        let place = scene.find_target(Track::Them, &DeviceChoice::Named(name.into()), None).unwrap();
        assert_eq!(place.id, "usb_headset.monitor");
    }
}

#[test]
fn an_application_is_heard_where_it_plays() {
    let scene = scene(
        true,
        vec![playing(7, 2, c"ZOOM VoiceEngine", c"zoom", false), playing(8, 1, c"Firefox", c"firefox-bin", false)],
    );
    let place = scene.find_target(Track::Them, &app("zoom"), None).unwrap();
    assert_eq!(
        place,
        CaptureTarget { id: "usb_headset.monitor".into(), name: "ZOOM VoiceEngine".into(), sink_input: Some(7) }
    );
    assert_eq!(scene.find_target(Track::Them, &app("FIREFOX-bin"), None).unwrap().sink_input, Some(8));
    insta::assert_snapshot!(
        scene.find_target(Track::Them, &app("teams"), None).unwrap_err(),
        @r#"no application called "teams" plays sound now. Join the call first, then give --them app:NAME with one of: ZOOM VoiceEngine, Firefox"#
    );
    assert_eq!(scene.find_target(Track::Me, &app("zoom"), None), Err(CaptureError::AppForMe));
}

#[test]
fn a_later_stream_of_the_application_does_not_take_over() {
    let scene = scene(
        true,
        vec![
            playing(5, 1, c"Zoom", c"zoom", true),
            playing(7, 1, c"Zoom", c"zoom", false),
            playing(9, 1, c"Zoom", c"zoom", false),
        ],
    );
    assert_eq!(scene.find_target(Track::Them, &app("zoom"), None).unwrap().sink_input, Some(7));
    let held = CaptureTarget { id: String::new(), name: String::new(), sink_input: Some(9) };
    assert_eq!(scene.find_target(Track::Them, &app("zoom"), Some(&held)).unwrap().sink_input, Some(9));
}

#[test]
fn a_device_of_another_computer_is_refused() {
    let call = playing(7, 2, c"Calls", c"calls", false);
    let mut scene = scene(true, vec![call]);
    scene.sinks[1].flags = SinkFlags::NETWORK;
    scene.sources.iter_mut().filter(|source| source.name.as_c_str() == c"hw_mic").for_each(|mic| {
        mic.flags = SourceFlags::NETWORK;
    });
    let refused = |track, choice: &DeviceChoice| match scene.find_target(track, choice, None) {
        Err(CaptureError::NetworkDevice { device, .. }) => Some(device),
        _ => None,
    };
    assert_eq!(refused(Track::Me, &DeviceChoice::Default).as_deref(), Some("Built-in Microphone"));
    assert_eq!(refused(Track::Them, &DeviceChoice::Named("Headset".into())).as_deref(), Some("Headset"));
    assert_eq!(refused(Track::Them, &app("calls")).as_deref(), Some("Calls"));
    assert!(scene.find_target(Track::Them, &DeviceChoice::Default, None).is_ok());
}
