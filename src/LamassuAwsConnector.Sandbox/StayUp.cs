using LamassuAwsConnector.Sandbox.Lamassu;
using Spectre.Console;

namespace LamassuAwsConnector.Sandbox;

/// <summary>What to try next, ready to be pasted.</summary>
internal static class StayUp
{
    public static void Explain(IAnsiConsole console, Stage stage, string connectorId)
    {
        var (connector, aws, lamassu) = (stage.Connector.Url, stage.StandIns.Aws.Url, stage.StandIns.Lamassu);
        var ca = lamassu.State.All(LamassuKind.CA).Select(Id).FirstOrDefault() ?? "CA_ID";
        var device = lamassu.State.All(LamassuKind.Device).Select(Id).FirstOrDefault() ?? "DEVICE_ID";
        console.MarkupLineInterpolated($"\n[bold]Everything stays up.[/] Swagger UI: {connector}swagger (Authorize takes the token)   End with Ctrl+C. To try next:\n");
        const string Authorized = "-H \"Authorization: Bearer $TOKEN\"";
        string[] lines =
        [
            $"TOKEN={stage.StandIns.OperatorToken()}",
            $"curl {connector}health",
            $"curl -X POST {connector}v1/devices/{device}/register-aws {Authorized} -d '{{\"connector_id\":\"{connectorId}\"}}'",
            $"curl -X POST {connector}v1/cas/{ca}/register-aws {Authorized} -d '{{\"connector_id\":\"{connectorId}\",\"primary_account\":true}}'",
            $"curl -X POST {connector}v1/devices/{device}/register-aws {Authorized} -d '{{\"connector_id\":\"another\"}}'",
            $"curl {connector}v1/devices/{device}/shadow {Authorized}",
            $"curl -i {connector}v1/devices/{device}/shadow",
            $"curl {lamassu.DeviceManagerUrl}v1/devices/{device}",
            $"curl {aws}_control/state",
            $"curl {aws}_control/calls",
            $"curl -X POST {aws}_control/failures -d '{{\"operation\":\"RegisterThing\",\"count\":2,\"error\":\"InternalFailureException\"}}'",
        ];
        foreach (var line in lines)
        {
            // Not by the console, which would break the lines.
            console.Profile.Out.Writer.WriteLine("  " + line);
        }
    }

    private static string? Id(System.Text.Json.Nodes.JsonObject value) => value["id"]?.GetValue<string>();
}
