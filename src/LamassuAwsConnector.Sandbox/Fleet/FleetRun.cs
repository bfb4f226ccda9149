using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using Spectre.Console;

namespace LamassuAwsConnector.Sandbox.Fleet;

/// <summary>Enrols many devices at once and counts.</summary>
internal sealed class FleetRun(Stage stage, string connectorId, int devices, IAnsiConsole console)
{
    private const string CA = "fleet-root";
    private const string Dms = "fleet";

    // As many devices enrol at the same moment; a production line has a few dozen stations.
    private const int Parallel = 16;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    /// <returns>Whether every device is a thing with an ACTIVE certificate.</returns>
    public async Task<bool> PlayAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        await stage.StandIns.AwsControl.ForgetCallsAsync(cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        await EnrolAsync(cancellationToken);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var calls = await stage.StandIns.AwsControl.CallsAsync(cancellationToken);
        var missing = await CountMissingAsync(cancellationToken);
        Report(seconds, calls, missing);
        return missing == 0;
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var key = $"lamassu.io/iot/{connectorId}";
        var profile = await stage.Operator.CreateProfileAsync(cancellationToken);
        var requested = new JsonObject { ["status"] = "REQUESTED", ["primary_account"] = true };
        await stage.Operator.CreateCAAsync(CA, "Fleet Root CA", profile, new JsonObject { [key] = new JsonObject { ["registration"] = requested } }, cancellationToken);
        var settings = new JsonObject
        {
            ["registration_mode"] = "auto",
            ["groups"] = new JsonArray("fleet"),
            ["policies"] = new JsonArray(new JsonObject
            {
                ["policy_name"] = "fleet",
                ["policy_document"] = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"*"}]}""",
            }),
        };
        await stage.Operator.CreateDmsAsync(Dms, CA, profile, new JsonObject { [key] = settings }, cancellationToken);
        await stage.WhenQuietAsync(cancellationToken);
    }

    private Task EnrolAsync(CancellationToken cancellationToken) => console.Progress().AutoClear(true).StartAsync(async progress =>
    {
        var enrolled = progress.AddTask("enrolled in Lamassu", maxValue: devices);
        var registered = progress.AddTask("registered in AWS", maxValue: devices);
        var enrolling = System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(0, devices),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (index, cancellation) =>
            {
                await stage.Operator.EnrollAsync(Dms, Name(index), cancellation);
                enrolled.Increment(1);
            });
        using var glance = new PeriodicTimer(Glance);
        while (!enrolling.IsCompleted || stage.Connector.InFlight > 0)
        {
            await glance.WaitForNextTickAsync(cancellationToken);
            registered.Value = enrolled.Value - stage.Connector.InFlight;
        }

        await enrolling;
        await stage.WhenQuietAsync(cancellationToken);
    });

    private async Task<int> CountMissingAsync(CancellationToken cancellationToken)
    {
        var missing = 0;
        foreach (var device in Enumerable.Range(0, devices).Select(Name))
        {
            var slot = stage.StandIns.Lamassu.State.Find(LamassuKind.Device, device)?["identity"];
            var serial = slot?["versions"]?[slot["active_version"]!.ToJsonString()]?.GetValue<string>();
            var id = serial is null ? null : CertificateIds.Of(stage.StandIns.Lamassu.State.Find(LamassuKind.Certificate, serial)!);
            if (id is null || !await IsActiveAsync(device, id, cancellationToken))
            {
                missing++;
            }
        }

        return missing;
    }

    private async Task<bool> IsActiveAsync(string device, string certificateId, CancellationToken cancellationToken)
    {
        try
        {
            var principals = await stage.IoT.ListThingPrincipalsAsync(new ListThingPrincipalsRequest { ThingName = device }, cancellationToken);
            var certificate = await stage.IoT.DescribeCertificateAsync(new DescribeCertificateRequest { CertificateId = certificateId }, cancellationToken);
            return certificate.CertificateDescription.Status == CertificateStatus.ACTIVE
                && principals.Principals?.Any(principal => principal.EndsWith($"/{certificateId}", StringComparison.Ordinal)) == true;
        }
        catch (ResourceNotFoundException)
        {
            return false;
        }
    }

    private void Report(double seconds, IReadOnlyList<ObservedCall> calls, int missing)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("figure", "value");
        table.AddRow("devices", $"{devices}");
        table.AddRow("seconds", Text(seconds));
        table.AddRow("devices per second", Text(devices / seconds));
        table.AddRow("AWS calls per device", Text((double)calls.Count / devices));
        table.AddRow("AWS calls that failed", $"{calls.Count(call => call.Status >= 400)}");
        table.AddRow("devices not registered", $"{missing}");
        console.Write(table);
        foreach (var operation in calls.CountBy(call => call.Operation).OrderByDescending(operation => operation.Value))
        {
            console.MarkupLineInterpolated($"   [grey]AWS[/] {operation.Key,-28} {operation.Value}");
        }
    }

    private static string Name(int index) => $"fleet-{index:D6}";

    private static string Text(double number) => number.ToString("F2", CultureInfo.InvariantCulture);
}
