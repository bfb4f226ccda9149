using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay.Facts;

internal sealed record FactInput(LamassuView Lamassu, ReplayHistory History, AwsSnapshot Aws)
{
    public IEnumerable<string> NotHandledFor(JsonObject device) =>
        History.NotHandled(LamassuKind.Device, device.Text("id"))
            .Concat(History.NotHandled(LamassuKind.Dms, device.Text("dms_owner")))
            .Concat(Identity.SerialNumbers(device).SelectMany(serialNumber => History.NotHandled(LamassuKind.Certificate, serialNumber)));
}
