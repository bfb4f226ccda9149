using System.Globalization;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Sandbox.Replay.Facts;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>A message that was delivered.</summary>
internal sealed record Delivered(RecordedMessage Message, EventEnd End)
{
    /// <summary>Handled, ignored, outdated, gone, or dead-lettered because the message or the present state is wrong: nothing that should have worked.</summary>
    public bool IsRight => End.Outcome != "dead_lettered" || End.Code is "invalid" or "conflict";
}

/// <summary>Plays the messages of one part: Lamassu's state moves with them, the connector gets each, and AWS is looked at in the end.</summary>
internal sealed class ReplayPlayer : IDisposable
{
    private readonly StandIns standIns;
    private readonly Func<RecordedMessage, CancellationToken, Task<EventEnd>> deliver;
    private readonly string connectorId;
    private readonly MessageClock clock;
    private readonly ReplayHistory history = new();
    private readonly StateChanges changes;
    private readonly SlotMoves slotMoves;
    private readonly AwsPreparation preparation;
    private readonly AwsSnapshotReader aws;

    public ReplayPlayer(Stage stage, string connectorId, MessageClock clock)
        : this(
            stage.StandIns,
            async (message, cancellationToken) =>
            {
                var end = await stage.Connector.PublishAsync(message.Body, message.RoutingKey, message.Headers, cancellationToken);
                await stage.WhenQuietAsync(cancellationToken);
                return end;
            },
            connectorId,
            clock)
    {
    }

    /// <param name="standIns">The two worlds.</param>
    /// <param name="deliver">Gives a message to the connector; returns when it has ended, with all that followed from it.</param>
    /// <param name="connectorId">Whose notes and events count as its own.</param>
    /// <param name="clock">Is set to the time of each message.</param>
    public ReplayPlayer(
        StandIns standIns, Func<RecordedMessage, CancellationToken, Task<EventEnd>> deliver, string connectorId, MessageClock clock)
    {
        this.standIns = standIns;
        this.deliver = deliver;
        this.clock = clock;
        this.connectorId = connectorId;
        changes = new StateChanges(State, connectorId);
        slotMoves = new SlotMoves(State, connectorId);
        preparation = new AwsPreparation(standIns, connectorId, history, SetClockAsync);
        aws = new AwsSnapshotReader(standIns.IoT);
    }

    private LamassuState State => standIns.Lamassu.State;

    /// <summary>Lamassu has the CAs of the story, and they are registered with AWS.</summary>
    public async Task StartFromStoryCAsAsync(IReadOnlyList<RecordedMessage> story, CancellationToken cancellationToken)
    {
        // The notes on their registration are the connector's own: here, where nobody else writes them, its events count too.
        var everybody = new StateChanges(State, connectorId: "");
        foreach (var message in story.Where(message => message.Type is "ca.create" or "ca.import" or "ca.metadata.update"))
        {
            everybody.Apply(message);
        }

        foreach (var ca in State.All(LamassuKind.CA))
        {
            await preparation.RegisterCAAsync(ca, cancellationToken);
        }
    }

    /// <param name="changesFirst">All changes are made to Lamassu before the first message is delivered, as after an outage of the connector.</param>
    /// <param name="tell">After each delivery.</param>
    /// <param name="cancellationToken">Ends the play.</param>
    /// <param name="beforeDelivery">When a message's change is made, and the message not yet delivered.</param>
    public async Task<IReadOnlyList<Delivered>> PlayAsync(
        IReadOnlyList<RecordedMessage> messages, bool changesFirst, Action<Delivered> tell, CancellationToken cancellationToken, Func<Task>? beforeDelivery = null)
    {
        if (changesFirst)
        {
            await MakeChangesAsync(messages, cancellationToken);
        }

        var delivered = new List<Delivered>();
        for (var index = 0; index < messages.Count; index++)
        {
            if (!changesFirst)
            {
                await ChangeAsync(messages, index, cancellationToken);

                // With all changes made first, the connector sees the end alone, and that is looked at in the end.
                LookAtLamassu();
            }

            if (beforeDelivery is not null)
            {
                await beforeDelivery();
            }

            delivered.Add(await DeliverAsync(messages[index], cancellationToken));
            tell(delivered[^1]);
            if (!changesFirst)
            {
                slotMoves.Apply(messages, index);
            }
        }

        return delivered;
    }

    /// <summary>Makes all changes to Lamassu; nothing is delivered.</summary>
    public async Task MakeChangesAsync(IReadOnlyList<RecordedMessage> messages, CancellationToken cancellationToken)
    {
        for (var index = 0; index < messages.Count; index++)
        {
            await ChangeAsync(messages, index, cancellationToken);
            slotMoves.Apply(messages, index);
        }
    }

    /// <summary>The connector is about to be told; what the message asks for is judged by Lamassu as it is now.</summary>
    /// <returns>The device of a bind, where its DMS is in another mode than auto.</returns>
    public (string DeviceId, RegistrationMode Mode)? NoteTold(RecordedMessage message)
    {
        var outsideAuto = NoteBind(message);
        NoteOtherReasons(message);
        if (message.Type is "dms.create" or "dms.update" or "dms.metadata.update" && !message.IsOwn(connectorId)
            && (message.Data.Object("updated") ?? message.Data).Text("id") is { } dmsId)
        {
            history.ToldOfDms(dmsId);
        }

        return outsideAuto;
    }

    /// <summary>A message has ended. One that the connector's queue is not bound for was never delivered to it.</summary>
    public void NoteEnd(RecordedMessage message, EventEnd end)
    {
        if (end.Deliveries > 0 || message.Type is not { } type || !EventTypes.Decisive.Contains(type) || message.IsOwn(connectorId) || EventTypes.KindOf(type) is not { } kind)
        {
            return;
        }

        // Of a device's statuses its end alone is no mirror of its certificate's.
        var data = message.Data.Object("updated") ?? message.Data;
        if (type == EventTypes.DeviceStatus && data.Text("status") != "DECOMMISSIONED")
        {
            return;
        }

        if ((kind == LamassuKind.Certificate ? data.Text("serial_number") : data.Text("id") ?? data.Text("ID") ?? data.Text("CAID")) is { } id)
        {
            history.NotHandled(kind, id, type);
        }
    }

    /// <summary>What AWS has of Lamassu's objects.</summary>
    public Task<AwsSnapshot> ReadAwsAsync(CancellationToken cancellationToken) => aws.ReadAsync(LamassuView.Of(State, connectorId), cancellationToken);

    /// <summary>The seven facts over what Lamassu and AWS have now.</summary>
    public async Task<IReadOnlyList<Fact>> CheckAsync(CancellationToken cancellationToken) => Check(await ReadAwsAsync(cancellationToken));

    /// <summary>The seven facts over what Lamassu has now and AWS had.</summary>
    public IReadOnlyList<Fact> Check(AwsSnapshot snapshot)
    {
        LookAtLamassu();
        return AllFacts.Check(new FactInput(LamassuView.Of(State, connectorId), history, snapshot));
    }

    public void Dispose() => preparation.Dispose();

    private async Task ChangeAsync(IReadOnlyList<RecordedMessage> messages, int index, CancellationToken cancellationToken)
    {
        await SetClockAsync(messages[index].Time, cancellationToken);
        var change = changes.Apply(messages[index]);
        await preparation.PrepareAsync(change.FirstMet, cancellationToken);
    }

    private async Task<Delivered> DeliverAsync(RecordedMessage message, CancellationToken cancellationToken)
    {
        await SetClockAsync(message.Time, cancellationToken);
        var outsideAuto = NoteTold(message);
        var hadThing = outsideAuto is { } before && await aws.ReadThingAsync(before.DeviceId, cancellationToken) is not null;
        var end = await deliver(message, cancellationToken);
        if (outsideAuto is { } after && !hadThing && await aws.ReadThingAsync(after.DeviceId, cancellationToken) is not null)
        {
            history.ThingMade(after.DeviceId, after.Mode);
        }

        NoteEnd(message, end);
        return new Delivered(message, end);
    }

    /// <returns>The device, where its DMS is in another mode than auto.</returns>
    private (string DeviceId, RegistrationMode Mode)? NoteBind(RecordedMessage message)
    {
        if (!EventTypes.IsBind(message.Type) || message.IsOwn(connectorId) || StateChanges.BoundDeviceId(message.Data) is not { } deviceId
            || State.Find(LamassuKind.Device, deviceId) is not { } device)
        {
            return null;
        }

        if ((message.Data.Object("certificate").Text("serial_number") ?? Identity.CurrentSerialNumber(device)) is { } serialNumber)
        {
            history.RegistrationAsked(deviceId, serialNumber, IsUsable(device, serialNumber));
        }

        var mode = ModeOf(device);
        return mode == RegistrationMode.Auto ? null : (deviceId, mode);
    }

    /// <summary>A lifted hold and a DMS that turns to auto ask for a registration too, where a bind alone did not lead to one.</summary>
    private void NoteOtherReasons(RecordedMessage message)
    {
        if (message.IsOwn(connectorId) || message.Type is not { } type || message.Data.Object("updated") is not { } updated)
        {
            return;
        }

        var devices = type switch
        {
            EventTypes.CertificateStatus => State.All(LamassuKind.Device).Where(device => Identity.CurrentSerialNumber(device) == updated.Text("serial_number")),
            "dms.update" or "dms.metadata.update" when ConnectorNotes.Dms(message.Data.Object("previous"), connectorId).Mode != RegistrationMode.Auto =>
                State.All(LamassuKind.Device).Where(device => device.Text("dms_owner") == updated.Text("id")),
            _ => [],
        };
        foreach (var device in devices)
        {
            if (Identity.CurrentSerialNumber(device) is { } serialNumber && IsUsable(device, serialNumber))
            {
                history.RegistrationAsked(device.Text("id")!, serialNumber, usable: true);
            }
        }
    }

    private RegistrationMode ModeOf(JsonObject device) => ConnectorNotes.Dms(State.Find(LamassuKind.Dms, device.Text("dms_owner") ?? ""), connectorId).Mode;

    private bool IsUsable(JsonObject device, string serialNumber) =>
        ModeOf(device) == RegistrationMode.Auto && Identity.CurrentSerialNumber(device) == serialNumber && device.Text("status") != "DECOMMISSIONED"
        && LamassuCertificate.IsActive(State.Find(LamassuKind.Certificate, serialNumber));

    private void LookAtLamassu()
    {
        foreach (var ca in State.All(LamassuKind.CA))
        {
            history.SawCA(ca, connectorId);
        }

        foreach (var dms in State.All(LamassuKind.Dms))
        {
            history.SawDms(dms, connectorId);
        }
    }

    // Both stand-ins judge validity, and Lamassu's issues, at the message's time.
    private Task SetClockAsync(DateTimeOffset? time, CancellationToken cancellationToken)
    {
        clock.Now = time;
        return standIns.AwsControl.SendAsync(
            HttpMethod.Put, "clock", new JsonObject { ["now"] = time?.ToString("O", CultureInfo.InvariantCulture) }, cancellationToken);
    }
}
