using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using Spectre.Console;

namespace LamassuAwsConnector.Sandbox.Story;

/// <summary>The main job, step by step: a CA, a DMS, a device that enrols and renews, and the two ways in.</summary>
internal sealed class StoryRun : IDisposable
{
    private const string Device = "meter-000042";
    private const string CA = "metering-root";
    private const string OtherCA = "partner-root";
    private const string Dms = "smart-meters";
    private const string Policy = "smart-meters";
    private const string Group = "metering";

    private readonly Stage stage;
    private readonly Storyteller teller;
    private readonly IAnsiConsole console;
    private readonly string connectorId;
    private readonly string key;
    private readonly HttpClient connector;

    public StoryRun(Stage stage, string connectorId, IAnsiConsole console)
    {
        this.stage = stage;
        this.console = console;
        this.connectorId = connectorId;
        key = $"lamassu.io/iot/{connectorId}";
        teller = new Storyteller(stage, console);
        connector = new HttpClient { BaseAddress = stage.Connector.Url };
        connector.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stage.StandIns.OperatorToken());
    }

    /// <returns>Whether every step left the state that it should.</returns>
    public async Task<bool> PlayAsync(CancellationToken cancellationToken)
    {
        var profile = await stage.Operator.CreateProfileAsync(cancellationToken);
        await RegisterCAByEventAsync(profile, cancellationToken);
        await RegisterCAByHttpAsync(profile, cancellationToken);
        await EnrolAsync(profile, cancellationToken);
        await AskAgainAsync(cancellationToken);
        await RenewAsync(cancellationToken);
        await ReplayOldBindAsync(cancellationToken);
        await ShowEndStateAsync(cancellationToken);
        console.MarkupLine(teller.IsRight ? "\n[green]The end state is the expected one.[/]" : "\n[red]The end state is NOT the expected one.[/]");
        return teller.IsRight;
    }

    public void Dispose() => connector.Dispose();

    private async Task RegisterCAByEventAsync(string profile, CancellationToken cancellationToken)
    {
        var request = new JsonObject
        {
            [key] = new JsonObject { ["registration"] = new JsonObject { ["status"] = "REQUESTED", ["primary_account"] = true } },
        };
        await teller.StepAsync(
            $"An operator creates CA '{CA}' in Lamassu and asks in its metadata for registration, this account as the primary one",
            () => stage.Operator.CreateCAAsync(CA, "Metering Root CA", profile, request, cancellationToken),
            cancellationToken);
        var registration = Note(LamassuKind.CA, CA)?["registration"];
        teller.Expect("the CA's metadata says SUCCEEDED", Text(registration?["status"]) == "SUCCEEDED");
        await teller.ExpectAsync("the CA is ACTIVE in AWS in mode DEFAULT", async () => await DescribeCAAsync(CA, cancellationToken) is { } ca
            && ca.Status == CACertificateStatus.ACTIVE && ca.CertificateMode == CertificateMode.DEFAULT);
        teller.Expect(
            "the verification certificate is revoked in Lamassu",
            stage.StandIns.Lamassu.State.All(LamassuKind.Certificate).Count(certificate => Text(certificate["status"]) == "REVOKED") == 1);
    }

    private async Task RegisterCAByHttpAsync(string profile, CancellationToken cancellationToken)
    {
        await stage.Operator.CreateCAAsync(OtherCA, "Partner Root CA", profile, [], cancellationToken);
        JsonObject? answer = null;
        await teller.StepAsync(
            $"A script asks the connector to register CA '{OtherCA}' by SNI only",
            async () => answer = await PostAsync($"/v1/cas/{OtherCA}/register-aws", new JsonObject { ["connector_id"] = connectorId, ["primary_account"] = false }, cancellationToken),
            cancellationToken);
        teller.Expect("the answer says registered, SNI_ONLY", Text(answer?["status"]) == "registered" && Text(answer?["certificate_mode"]) == "SNI_ONLY");
    }

    private async Task EnrolAsync(string profile, CancellationToken cancellationToken)
    {
        var settings = new JsonObject
        {
            [key] = new JsonObject
            {
                ["registration_mode"] = "auto",
                ["groups"] = new JsonArray(Group),
                ["policies"] = new JsonArray(new JsonObject
                {
                    ["policy_name"] = Policy,
                    ["policy_document"] = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"arn:aws:iot:*:*:client/${iot:Connection.Thing.ThingName}"}]}""",
                }),
                ["shadow_config"] = new JsonObject { ["enable"] = true, ["shadow_name"] = "" },
            },
        };
        await stage.Operator.CreateDmsAsync(Dms, CA, profile, settings, cancellationToken);
        await stage.WhenQuietAsync(cancellationToken);
        await teller.StepAsync(
            $"Device '{Device}' enrols at DMS '{Dms}', mode auto: the first of its DMS, so policy and group are made too",
            () => stage.Operator.EnrollAsync(Dms, Device, cancellationToken),
            cancellationToken);
        await teller.ExpectAsync("the thing carries its current certificate, ACTIVE, with the DMS's policy", () => IsInOrderAsync(cancellationToken));
        await teller.ExpectAsync("the thing is in the DMS's group", async () => (await GroupsAsync(cancellationToken)).Contains(Group));
        teller.Expect("the device's metadata says thing_registered", Note(LamassuKind.Device, Device)?["thing_registered"]?.GetValue<bool>() == true);
        teller.Expect("the certificate's metadata has the ARN", Text(Note(LamassuKind.Certificate, CurrentSerial())?["arn"])?.Contains(":cert/", StringComparison.Ordinal) == true);

        await teller.StepAsync("A second device enrols: everything is in place, so one call is enough", () => stage.Operator.EnrollAsync(Dms, "meter-000043", cancellationToken), cancellationToken);
    }

    private async Task AskAgainAsync(CancellationToken cancellationToken)
    {
        JsonObject? answer = null;
        await teller.StepAsync(
            "A script asks for the registration once more",
            async () => answer = await PostAsync($"/v1/devices/{Device}/register-aws", new JsonObject { ["connector_id"] = connectorId }, cancellationToken),
            cancellationToken);
        teller.Expect("the answer says already_registered", Text(answer?["status"]) == "already_registered");
    }

    private string? firstBind;

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        firstBind = CurrentSerial();
        await teller.StepAsync("The device renews its certificate", () => stage.Operator.ReenrollAsync(Dms, Device, cancellationToken), cancellationToken);
        await teller.ExpectAsync("the thing carries the new certificate, ACTIVE", async () => CurrentSerial() != firstBind && await IsInOrderAsync(cancellationToken));
        await teller.ExpectAsync("the earlier certificate can't connect and is detached", () => IsRetiredAsync(firstBind, cancellationToken));
    }

    private async Task ReplayOldBindAsync(CancellationToken cancellationToken)
    {
        var certificate = stage.StandIns.Lamassu.State.Find(LamassuKind.Certificate, firstBind!)!;
        var body = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = "unknown",
            ["source"] = "source://lamassu.io/ctx/source/service/ra",
            ["type"] = "dms.bind-device-id",
            ["subject"] = $"device/{Device}",
            ["data"] = new JsonObject { ["device"] = new JsonObject { ["id"] = Device }, ["certificate"] = certificate },
        };
        string? outcome = null;
        await teller.StepAsync(
            "The bus delivers the bind of the first certificate again",
            async () => outcome = (await stage.Connector.PublishAsync(Encoding.UTF8.GetBytes(body.ToJsonString()), "dms.bind-device-id", new Dictionary<string, string>(), cancellationToken)).Outcome,
            cancellationToken);
        await teller.ExpectAsync(
            $"it ended as outdated ({outcome}), and the current certificate still works", async () => outcome == "outdated" && await IsInOrderAsync(cancellationToken));
    }

    private async Task ShowEndStateAsync(CancellationToken cancellationToken)
    {
        var rows = new List<string[]>();
        foreach (var device in stage.StandIns.Lamassu.State.All(LamassuKind.Device).Select(device => Text(device["id"])!))
        {
            rows.AddRange(await ThingRowsAsync(device, cancellationToken));
        }

        teller.Show("Things in AWS", ["thing", "certificate", "status", "policies"], rows);
        teller.Show("What the connector noted in Lamassu",
        [
            ($"CA {CA}", Note(LamassuKind.CA, CA)),
            ($"device {Device}", Note(LamassuKind.Device, Device)),
            ($"certificate {CurrentSerial()}", Note(LamassuKind.Certificate, CurrentSerial())),
        ]);
    }

    private async Task<IReadOnlyList<string[]>> ThingRowsAsync(string device, CancellationToken cancellationToken)
    {
        try
        {
            var rows = new List<string[]>();
            foreach (var principal in await PrincipalsAsync(device, cancellationToken))
            {
                var certificate = await DescribeCertificateAsync(principal.Split('/')[1], cancellationToken);
                rows.Add([device, principal.Split('/')[1][..16] + "…", certificate?.Status?.Value ?? "", string.Join(", ", await PoliciesAsync(principal, cancellationToken))]);
            }

            return rows;
        }
        catch (ResourceNotFoundException)
        {
            return [[device, "not a thing", "", ""]];
        }
    }

    private async Task<bool> IsInOrderAsync(CancellationToken cancellationToken)
    {
        var principals = await PrincipalsAsync(Device, cancellationToken);
        var current = CertificateIds.Of(stage.StandIns.Lamassu.State.Find(LamassuKind.Certificate, CurrentSerial())!);
        return principals.Count == 1
            && principals[0].EndsWith($"/{current}", StringComparison.Ordinal)
            && await DescribeCertificateAsync(current, cancellationToken) is { } certificate
            && certificate.Status == CertificateStatus.ACTIVE
            && (await PoliciesAsync(principals[0], cancellationToken)).SequenceEqual([Policy]);
    }

    private async Task<bool> IsRetiredAsync(string serial, CancellationToken cancellationToken)
    {
        var id = CertificateIds.Of(stage.StandIns.Lamassu.State.Find(LamassuKind.Certificate, serial)!);
        return await DescribeCertificateAsync(id, cancellationToken) is { } certificate
            && certificate.Status != CertificateStatus.ACTIVE
            && !(await PrincipalsAsync(Device, cancellationToken)).Any(principal => principal.EndsWith($"/{id}", StringComparison.Ordinal));
    }

    private string CurrentSerial()
    {
        var slot = stage.StandIns.Lamassu.State.Find(LamassuKind.Device, Device)!["identity"]!;
        return Text(slot["versions"]![slot["active_version"]!.ToJsonString()])!;
    }

    private JsonObject? Note(LamassuKind kind, string id) => stage.StandIns.Lamassu.State.Find(kind, id)?["metadata"]?[key] as JsonObject;

    private async Task<CACertificateDescription?> DescribeCAAsync(string caId, CancellationToken cancellationToken)
    {
        var id = CertificateIds.Of(stage.StandIns.Lamassu.State.Find(LamassuKind.CA, caId)!["certificate"]!.AsObject());
        return (await stage.IoT.DescribeCACertificateAsync(new DescribeCACertificateRequest { CertificateId = id }, cancellationToken)).CertificateDescription;
    }

    private async Task<CertificateDescription?> DescribeCertificateAsync(string id, CancellationToken cancellationToken) =>
        (await stage.IoT.DescribeCertificateAsync(new DescribeCertificateRequest { CertificateId = id }, cancellationToken)).CertificateDescription;

    private async Task<List<string>> PrincipalsAsync(string thing, CancellationToken cancellationToken) =>
        (await stage.IoT.ListThingPrincipalsAsync(new ListThingPrincipalsRequest { ThingName = thing }, cancellationToken)).Principals ?? [];

    private async Task<IEnumerable<string>> GroupsAsync(CancellationToken cancellationToken) =>
        (await stage.IoT.ListThingGroupsForThingAsync(new ListThingGroupsForThingRequest { ThingName = Device }, cancellationToken)).ThingGroups.Select(group => group.GroupName);

    private async Task<IEnumerable<string>> PoliciesAsync(string target, CancellationToken cancellationToken) =>
        (await stage.IoT.ListAttachedPoliciesAsync(new ListAttachedPoliciesRequest { Target = target }, cancellationToken)).Policies?.Select(policy => policy.PolicyName) ?? [];

    private async Task<JsonObject?> PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var response = await connector.PostAsJsonAsync(path, body, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        teller.Say($"POST {path} answered {(int)response.StatusCode} {Text(answer?["status"] is JsonValue value && value.TryGetValue<string>(out _) ? answer["status"] : answer?["code"])}");
        return answer;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
