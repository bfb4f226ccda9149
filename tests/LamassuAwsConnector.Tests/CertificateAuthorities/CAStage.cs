using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.CertificateAuthorities;

/// <summary>A CA below a root, registered in AWS: a hold of a root revokes the root itself for good, one of a CA below it can be lifted.</summary>
internal sealed class CAStage : IAsyncDisposable
{
    public const string CA = "ca-1";
    public const string Template = "fleet";

    private const string TemplateBody = """
        {"Parameters":{"AWS::IoT::Certificate::CommonName":{"Type":"String"},"AWS::IoT::Certificate::Id":{"Type":"String"}},
         "Resources":{"thing":{"Type":"AWS::IoT::Thing","Properties":{"ThingName":{"Ref":"AWS::IoT::Certificate::CommonName"}}},
                      "certificate":{"Type":"AWS::IoT::Certificate","Properties":{"CertificateId":{"Ref":"AWS::IoT::Certificate::Id"},"Status":"ACTIVE"}}}}
        """;

    private CAStage(TestStage stage) => Stage = stage;

    public TestStage Stage { get; }

    /// <summary>The id of the CA's present certificate in AWS.</summary>
    public string CertificateId => Stage.CAId(CA);

    public JsonObject? Registration => Stage.Note(LamassuKind.CA, CA)?["registration"] as JsonObject;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<CAStage> StartAsync(string key = LamassuJson.Lamassu3Key, bool primaryAccount = true, bool registers = true, string? parent = "root")
    {
        var stage = await TestStage.StartAsync(Door.Event);
        if (parent is not null)
        {
            await stage.Lamassu.CreateCAAsync(parent);
        }

        await stage.Lamassu.CreateCAAsync(CA, registers ? LamassuJson.Requested(key, primaryAccount) : null, parent);
        await stage.ForgetCallsAsync();
        return new CAStage(stage);
    }

    public Task SetStatusAsync(string status, string reason = "Unspecified") => QuietAsync(Stage.Lamassu.SetCAStatusAsync(CA, status, reason));

    public Task ReissueAsync() => QuietAsync(Stage.Lamassu.ReissueCAAsync(CA));

    /// <summary>AWS takes in devices of the CA by itself.</summary>
    public async Task AttachTemplateAsync()
    {
        await Stage.IoT.CreateProvisioningTemplateAsync(
            new CreateProvisioningTemplateRequest
            {
                TemplateName = Template,
                TemplateBody = TemplateBody,
                ProvisioningRoleArn = $"arn:aws:iam::{TestStage.Account}:role/JITPRole",
                Type = TemplateType.JITP,
                Enabled = true,
            },
            Cancellation);
        await Stage.IoT.UpdateCACertificateAsync(
            new UpdateCACertificateRequest
            {
                CertificateId = CertificateId,
                NewAutoRegistrationStatus = AutoRegistrationStatus.ENABLE,
                RegistrationConfig = new RegistrationConfig { TemplateName = Template },
            },
            Cancellation);
    }

    public Task DetachTemplateAsync() =>
        Stage.IoT.UpdateCACertificateAsync(new UpdateCACertificateRequest { CertificateId = CertificateId, RemoveAutoRegistration = true }, Cancellation);

    public Task SetInAwsAsync(CACertificateStatus status) =>
        Stage.IoT.UpdateCACertificateAsync(new UpdateCACertificateRequest { CertificateId = CertificateId, NewStatus = status }, Cancellation);

    /// <summary>Status and auto-registration of a CA certificate in AWS, of the present one by default.</summary>
    public async Task<(string? Status, string? AutoRegistration)> InAwsAsync(string? certificateId = null)
    {
        var description = (await Stage.DescribeCACertificateAsync(certificateId ?? CertificateId))?.CertificateDescription;
        return (description?.Status?.Value, description?.AutoRegistrationStatus?.Value);
    }

    /// <summary>Neither AWS nor Lamassu was written since the calls were forgotten.</summary>
    public async Task AssertNothingWrittenAsync()
    {
        Assert.Empty(await Stage.AwsWritesAsync());
        Assert.DoesNotContain(Stage.LamassuCalls(), call => !call.StartsWith("GET", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => Stage.DisposeAsync();

    private async Task QuietAsync(Task change)
    {
        await change;
        await Stage.WhenQuietAsync();
    }
}
