using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay.Facts;

internal sealed record FactInput(LamassuView Lamassu, ReplayHistory History, AwsSnapshot Aws)
{
    /// <summary>The types that decide over the device. A bind needs no event of its DMS's creation: it sees to the policies and groups itself.</summary>
    public IEnumerable<string> NotHandledFor(JsonObject device) =>
        History.NotHandled(LamassuKind.Device, device.Text("id"))
            .Concat(History.NotHandled(LamassuKind.Dms, device.Text("dms_owner")).Where(type => type != EventTypes.DmsCreate))
            .Concat(Identity.SerialNumbers(device).SelectMany(serialNumber => History.NotHandled(LamassuKind.Certificate, serialNumber)));
}
