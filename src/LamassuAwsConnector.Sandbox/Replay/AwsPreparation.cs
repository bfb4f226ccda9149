using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>
/// Puts into AWS what a recording takes for granted: CAs, certificates and things that were registered before it begins, with the policies and groups of
/// their DMS. Through AWS's own API, and under the name of nobody.
/// </summary>
internal sealed class AwsPreparation(StandIns standIns, string connectorId, ReplayHistory history, Func<DateTimeOffset?, CancellationToken, Task> setClock) : IDisposable
{
    private readonly HttpClient lamassu = new() { BaseAddress = standIns.Lamassu.CAUrl };
    private readonly AwsSnapshotReader aws = new(standIns.IoT);
    private readonly HashSet<string> told = new(StringComparer.Ordinal);

    private LamassuState State => standIns.Lamassu.State;

    /// <summary>
    /// CAs from events have no private key: Lamassu's stand-in signs for them with a key of its own, and AWS's is told so, for each CA certificate.
    /// </summary>
    public async Task TellVerificationKeysAsync(CancellationToken cancellationToken)
    {
        foreach (var ca in State.All(LamassuKind.CA))
        {
            if (LamassuCertificate.AwsId(ca.Object("certificate"), connectorId) is { } id && told.Add(id) && standIns.Lamassu.ReplayPublicKeyPem is { } key)
            {
                await standIns.AwsControl.SendAsync(HttpMethod.Put, $"verification-keys/{id}", new JsonObject { ["public_key_pem"] = key }, cancellationToken);
            }
        }
    }

    /// <summary>What the objects that Lamassu did not have before say of AWS.</summary>
    public async Task PrepareAsync(IReadOnlyList<FirstMet> firstMet, CancellationToken cancellationToken)
    {
        await TellVerificationKeysAsync(cancellationToken);
        foreach (var met in firstMet)
        {
            await PrepareAsync(met, cancellationToken);
        }
    }

    private async Task PrepareAsync(FirstMet met, CancellationToken cancellationToken)
    {
        try
        {
            await (met.Kind switch
            {
                LamassuKind.CA when ConnectorNotes.Arn(met.Start, connectorId) is not null => RegisterCAAsync(met.Start, cancellationToken),
                LamassuKind.Certificate when ConnectorNotes.Arn(met.Start, connectorId) is not null && met.Start.Flag("is_ca") != true =>
                    RegisterCertificateAsync(met.Start, cancellationToken),
                LamassuKind.Device when ConnectorNotes.ThingRegistered(met.Start, connectorId) => RegisterThingAsync(met.Start, cancellationToken),
                _ => Task.CompletedTask,
            });
        }
        catch (AmazonIoTException exception)
        {
            throw new RecordingException($"What the recording takes for granted of {met.Kind} {met.Id} can't be put into AWS: {exception.Message}");
        }
    }

    /// <summary>The CA is registered in the mode that its notes ask for, and ACTIVE.</summary>
    public async Task RegisterCAAsync(JsonObject ca, CancellationToken cancellationToken)
    {
        var id = LamassuCertificate.AwsId(ca.Object("certificate"), connectorId);
        if (id is null || await aws.ReadCAAsync(id, cancellationToken) is not null)
        {
            return;
        }

        await TellVerificationKeysAsync(cancellationToken);
        await SetClockWithinAsync(ca.Object("certificate"), cancellationToken);
        var verification = ConnectorNotes.IsPrimaryAccount(ca, connectorId) ? await SignAsync(ca, cancellationToken) : null;
        await standIns.IoT.RegisterCACertificateAsync(
            new RegisterCACertificateRequest
            {
                CaCertificate = LamassuCertificate.Pem(ca.Object("certificate")),
                VerificationCertificate = verification,
                CertificateMode = verification is null ? "SNI_ONLY" : "DEFAULT",
                SetAsActive = true,
            },
            cancellationToken);
    }

    public void Dispose() => lamassu.Dispose();

    private async Task RegisterThingAsync(JsonObject device, CancellationToken cancellationToken)
    {
        if (State.Find(LamassuKind.Certificate, Identity.CurrentSerialNumber(device) ?? "") is { } certificate)
        {
            await RegisterThingAsync(device.Text("id")!, certificate, SettingsOf(device), cancellationToken);
        }
        else
        {
            await RegisterThingAsync(device.Text("id")!, certificate: null, SettingsOf(device), cancellationToken);
        }
    }

    private Task RegisterCertificateAsync(JsonObject certificate, CancellationToken cancellationToken)
    {
        var deviceId = LamassuCertificate.AttachedDeviceId(certificate) ?? certificate.Object("subject").Text("common_name");
        return deviceId is null
            ? Task.CompletedTask
            : RegisterThingAsync(deviceId, certificate, SettingsOf(State.Find(LamassuKind.Device, deviceId), certificate), cancellationToken);
    }

    private async Task RegisterThingAsync(string thingName, JsonObject? certificate, DmsSettings? settings, CancellationToken cancellationToken)
    {
        var ca = certificate is null ? null : State.Find(LamassuKind.CA, certificate.Object("issuer_metadata").Text("id") ?? "");
        if (ca is not null)
        {
            await RegisterCAAsync(ca, cancellationToken);
        }

        // One that can't be read was never registered by anybody.
        var id = ca is null || LamassuCertificate.Pem(certificate) is null ? null : LamassuCertificate.AwsId(certificate, connectorId);
        if (await aws.ReadThingAsync(thingName, cancellationToken) is { } thing && (id is null || thing.CertificateIds.Contains(id)))
        {
            return;
        }

        await MakeResourcesAsync(settings, cancellationToken);
        await SetClockWithinAsync(certificate, cancellationToken);
        await standIns.IoT.RegisterThingAsync(
            new RegisterThingRequest { TemplateBody = Template(thingName, id is null ? null : certificate, ca, settings).ToJsonString(), Parameters = [] }, cancellationToken);
        history.Prepared(thingName);
    }

    // What was registered before the recording begins was valid then: now, or from its first second on.
    private Task SetClockWithinAsync(JsonObject? certificate, CancellationToken cancellationToken)
    {
        using var loaded = LamassuCertificate.Load(certificate);
        var now = TimeProvider.System.GetUtcNow();
        var isValid = loaded is null || (loaded.NotBefore.ToUniversalTime() <= now && now <= loaded.NotAfter.ToUniversalTime());
        return setClock(isValid ? null : loaded!.NotBefore.ToUniversalTime(), cancellationToken);
    }

    private async Task MakeResourcesAsync(DmsSettings? settings, CancellationToken cancellationToken)
    {
        foreach (var policy in settings?.Policies ?? [])
        {
            await IfMissingAsync(() => standIns.IoT.CreatePolicyAsync(
                new CreatePolicyRequest { PolicyName = policy.Name, PolicyDocument = policy.Document }, cancellationToken));
        }

        foreach (var group in settings?.Groups ?? [])
        {
            await IfMissingAsync(() => standIns.IoT.CreateThingGroupAsync(new CreateThingGroupRequest { ThingGroupName = group }, cancellationToken));
        }
    }

    private static async Task IfMissingAsync(Func<Task> create)
    {
        try
        {
            await create();
        }
        catch (ResourceAlreadyExistsException)
        {
            // It is there, which is what counts.
        }
    }

    private static JsonObject Template(string thingName, JsonObject? certificate, JsonObject? ca, DmsSettings? settings)
    {
        var resources = new JsonObject
        {
            ["thing"] = new JsonObject
            {
                ["Type"] = "AWS::IoT::Thing",
                ["Properties"] = new JsonObject { ["ThingName"] = thingName, ["ThingGroups"] = new JsonArray([.. (settings?.Groups ?? []).Select(group => (JsonNode)group)]) },
                ["OverrideSettings"] = new JsonObject { ["AttributePayload"] = "MERGE", ["ThingTypeName"] = "DO_NOTHING", ["ThingGroups"] = "MERGE" },
            },
        };
        if (certificate is not null)
        {
            resources["certificate"] = new JsonObject
            {
                ["Type"] = "AWS::IoT::Certificate",
                ["Properties"] = new JsonObject
                {
                    ["CertificatePem"] = LamassuCertificate.Pem(certificate),
                    ["CACertificatePem"] = LamassuCertificate.Pem(ca.Object("certificate")),
                    ["Status"] = "ACTIVE",
                },
                ["OverrideSettings"] = new JsonObject { ["Status"] = "DO_NOTHING" },
            };
            foreach (var policy in settings?.Policies ?? [])
            {
                resources[$"policy{resources.Count}"] = new JsonObject { ["Type"] = "AWS::IoT::Policy", ["Properties"] = new JsonObject { ["PolicyName"] = policy.Name } };
            }
        }

        return new JsonObject { ["Parameters"] = new JsonObject(), ["Resources"] = resources };
    }

    private DmsSettings? SettingsOf(JsonObject? device, JsonObject? certificate = null) =>
        State.Find(LamassuKind.Dms, device.Text("dms_owner") ?? LamassuCertificate.AttachedDmsId(certificate) ?? "") is { } dms ? ConnectorNotes.Dms(dms, connectorId) : null;

    /// <returns>null when Lamassu can't sign with the CA; the account can then not have been the primary one.</returns>
    private async Task<string?> SignAsync(JsonObject ca, CancellationToken cancellationToken)
    {
        var code = (await standIns.IoT.GetRegistrationCodeAsync(new GetRegistrationCodeRequest(), cancellationToken)).RegistrationCode;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = new CertificateRequest($"CN={code}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var profile = new JsonObject { ["validity"] = new JsonObject { ["type"] = "Duration", ["duration"] = "1d" }, ["honor_subject"] = true };
        using var response = await lamassu.PostAsJsonAsync(
            $"/v1/cas/{Uri.EscapeDataString(ca.Text("id")!)}/certificates/sign",
            new JsonObject { ["csr"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(csr)), ["profile"] = profile },
            cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return response.IsSuccessStatusCode ? LamassuCertificate.Pem(answer) : null;
    }
}
