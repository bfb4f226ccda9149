using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.CertificateAuthorities.CAStage;

namespace LamassuAwsConnector.Tests.CertificateAuthorities;

/// <summary>A CA that is gone from Lamassu; AWS knows it by the tag of its registration.</summary>
public sealed class CADeletionTests
{
    [Fact]
    public async Task Every_certificate_of_the_deleted_CA_is_INACTIVE_and_none_is_deleted()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.AttachTemplateAsync();
        var former = stage.CertificateId;
        await stage.ReissueAsync();
        var present = stage.CertificateId;
        stage.Stage.State.Remove(LamassuKind.CA, CA);

        Assert.Equal("handled", (await PublishAsync(stage)).Outcome);

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync(former));
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync(present));
    }

    [Fact]
    public async Task A_CA_revoked_and_deleted_in_Lamassu_stays_INACTIVE()
    {
        await using var stage = await CAStage.StartAsync();
        var id = stage.CertificateId;
        await stage.SetStatusAsync("REVOKED", "CessationOfOperation");
        await stage.Stage.ForgetCallsAsync();

        await stage.Stage.Lamassu.DeleteCAAsync(CA);
        await stage.Stage.WhenQuietAsync();

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync(id));
        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public async Task Certificates_of_other_CAs_stay_as_they_are()
    {
        await using var stage = await CAStage.StartAsync();
        using var response = await stage.Stage.PostAsync("/v1/cas/root/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = false });
        Assert.True(response.IsSuccessStatusCode);
        stage.Stage.State.Remove(LamassuKind.CA, CA);

        await PublishAsync(stage);

        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync(stage.Stage.CAId("root")));
    }

    [Fact]
    public async Task A_certificate_that_wears_the_tag_of_a_CA_and_the_serial_number_of_another_is_left()
    {
        await using var stage = await CAStage.StartAsync();
        var id = stage.CertificateId;
        var ca = stage.Stage.State.Find(LamassuKind.CA, CA)!;
        var another = stage.Stage.State.Find(LamassuKind.CA, "root")!["certificate"]!.AsObject();
        var certificate = stage.Stage.State.Find(LamassuKind.Certificate, ca["serial_number"]!.GetValue<string>())!;
        certificate["certificate"] = another["certificate"]!.DeepClone();
        stage.Stage.State.Store(LamassuKind.Certificate, certificate);
        stage.Stage.State.Remove(LamassuKind.CA, CA);

        Assert.Equal("ignored", (await PublishAsync(stage)).Outcome);

        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync(id));
    }

    [Fact]
    public async Task A_CA_that_Lamassu_still_has_is_left()
    {
        await using var stage = await CAStage.StartAsync();

        await PublishAsync(stage);

        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public async Task A_CA_that_was_never_registered_here_is_ignored()
    {
        await using var stage = await CAStage.StartAsync(registers: false);
        stage.Stage.State.Remove(LamassuKind.CA, CA);

        Assert.Equal("ignored", (await PublishAsync(stage)).Outcome);
        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public async Task A_deletion_while_AWS_is_away_is_caught_up_with_and_written_once()
    {
        await using var stage = await CAStage.StartAsync();
        var id = stage.CertificateId;
        stage.Stage.State.Remove(LamassuKind.CA, CA);
        await stage.Stage.FailAwsAsync("ListTagsForResource", 4, "ThrottlingException", 429);
        await PublishAsync(stage);
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync(id));
        await stage.Stage.ForgetCallsAsync();

        await PublishAsync(stage);

        await stage.AssertNothingWrittenAsync();
    }

    private static Task<LamassuAwsConnector.Api.EventEnd> PublishAsync(CAStage stage) =>
        stage.Stage.PublishAsync("ca.delete", $"ca/{CA}", new JsonObject { ["CAID"] = CA, ["CascadeDelete"] = false });
}
